namespace FlowGrain.Silo.Inference;

/// <summary>Bodies that say that they are packed and are not, or are damaged: a fault of the client's, and to what unpacks them one of its own.</summary>
internal static class PackedBodies
{
    /// <summary>Answers a request whose body may be packed.</summary>
    /// <exception cref="BadInputException">It cannot be unpacked.</exception>
    internal static async Task Unpack(HttpContext context, RequestDelegate next)
    {
        var encoding = context.Request.Headers.ContentEncoding.ToString(); // gone once it is unpacked
        try
        {
            await next(context);
        }
        catch (Exception damaged) when (encoding != "" && damaged is InvalidDataException or InvalidOperationException { Source: "System.IO.Compression.Brotli" })
        {
            throw new BadInputException($"The body cannot be unpacked as {encoding}, its Content-Encoding: it is damaged or packed otherwise; pack and send it again, or send it as it is.");
        }
    }
}
