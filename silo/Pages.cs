using System.IO.Compression;
using FlowGrain.Silo.Security;
using Microsoft.AspNetCore.ResponseCompression;

namespace FlowGrain.Silo;

/// <summary>The page at <c>/</c>, from files beside the program: packed, and asked for again only when they have changed.</summary>
internal static class Pages
{
    private const string Again = "no-cache"; // kept, and asked for by its ETag: a silo that was replaced shows its own page
    private const string ForEver = "public, max-age=31536000, immutable"; // what comes from elsewhere has its version in its path

    extension(WebApplicationBuilder builder)
    {
        /// <summary>Adds what packs them.</summary>
        internal WebApplicationBuilder AddPages()
        {
            builder.Services.AddResponseCompression(packing =>
            {
                packing.EnableForHttps = true; // the files are no secrets
                packing.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, "image/svg+xml"];
            });
            builder.Services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Optimal);
            builder.Services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Optimal);
            return builder;
        }
    }

    extension(WebApplication app)
    {
        /// <summary>Serves them.</summary>
        internal void MapPages() => app.UseWhen(context => !Gate.Guards(context), pages => pages
            .UseResponseCompression()
            .UseDefaultFiles()
            .UseStaticFiles(new StaticFileOptions { OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = file.Context.Request.Path.StartsWithSegments("/vendor") ? ForEver : Again }));
    }
}
