using System.Buffers;
using System.Runtime.InteropServices;
using FlowGrain.Serving;

namespace FlowGrain.Silo.Api.Sampling;

/// <summary>How rows travel to who asks for them.</summary>
internal abstract class RowFormat
{
    /// <summary>Its media type.</summary>
    internal abstract string MediaType { get; }

    /// <summary>Bytes of so many rows; null where they are known only when they are written.</summary>
    internal abstract long? Length(long rows);

    /// <summary>Writes whole rows, row-major.</summary>
    internal abstract void Write(ReadOnlySpan<double> rows, IBufferWriter<byte> target);

    /// <summary>What a client likes best of what there is; who has no wish gets bytes.</summary>
    /// <exception cref="BadHttpRequestException">It takes none of them.</exception>
    internal static RowFormat Of(HttpRequest request, ModelDescription model)
    {
        var accepted = request.GetTypedHeaders().Accept;
        if (accepted.Count == 0) return new ByteRows(model);
        foreach (var media in accepted.Where(media => media.Quality != 0).OrderByDescending(media => media.Quality ?? 1).ThenBy(media => media.MatchesAllSubTypes))
        {
            if (media.MatchesMediaType(ByteRows.Media)) return new ByteRows(model);
            if (media.MatchesMediaType(JsonRows.Media)) return new JsonRows(model);
        }

        throw new BadHttpRequestException($"The request accepts {request.Headers.Accept}, and rows come as {ByteRows.Media} or {JsonRows.Media}; accept one of the two.", StatusCodes.Status406NotAcceptable);
    }
}

/// <summary>Little-endian float64, row after row.</summary>
internal sealed class ByteRows(ModelDescription model) : RowFormat
{
    internal const string Media = "application/octet-stream";

    internal override string MediaType => Media;

    internal override long? Length(long rows) => rows * model.Columns.Length * sizeof(double);

    internal override void Write(ReadOnlySpan<double> rows, IBufferWriter<byte> target) => target.Write(MemoryMarshal.AsBytes(rows));
}
