using System.Net;
using System.Security.Cryptography;
using FlowGrain.Api;
using FlowGrain.Data;

namespace FlowGrain.Client;

/// <summary>Brings a local file to where the silos read, unless they see it already.</summary>
/// <param name="api">The API.</param>
/// <param name="path">The file.</param>
/// <param name="uploading">Told how far it is.</param>
internal sealed class Upload(ApiCalls api, string path, IProgress<ReadingProgress>? uploading)
{
    private static readonly TimeSpan SameTime = TimeSpan.FromSeconds(1); // file systems keep times of different grain

    /// <summary>The path under which the silos read it.</summary>
    internal async Task<string> Locate(CancellationToken cancellation)
    {
        if (Directory.Exists(path) || path.AsSpan().ContainsAny('*', '?')) return path; // many files: the silos read them where they see them, or say that they do not
        var local = new FileInfo(path);
        if (!local.Exists) return (await api.Get<SeenFile>($"datasets/file?path={Uri.EscapeDataString(path)}", cancellation)).Path;
        return await Seen(cancellation) is { } there && IsSame(there, local) ? there.Path : (await Bring(local, cancellation)).Path;
    }

    // On another machine the same path may lead to another file.
    private static bool IsSame(SeenFile there, FileInfo here) => there.Bytes == here.Length && (there.Modified - here.LastWriteTimeUtc).Duration() < SameTime;

    private Task<SeenFile?> Seen(CancellationToken cancellation) => Found($"datasets/file?path={Uri.EscapeDataString(path)}", cancellation);

    private async Task<SeenFile> Bring(FileInfo file, CancellationToken cancellation)
    {
        var place = $"datasets/uploads/{await Hash(file, cancellation)}/{Uri.EscapeDataString(file.Name)}";
        return await Found(place, cancellation) ?? await api.Send<SeenFile>(() => Put(place, file), cancellation);
    }

    // Asks before it sends: a refusal would be lost in a connection that is closed on it.
    private HttpRequestMessage Put(string place, FileInfo file) => new(HttpMethod.Put, place) { Content = new FileContent(file, uploading), Headers = { ExpectContinue = true } };

    private async Task<SeenFile?> Found(string place, CancellationToken cancellation)
    {
        try
        {
            return await api.Get<SeenFile>(place, cancellation);
        }
        catch (NotFoundException)
        {
            return null;
        }
    }

    private static async Task<string> Hash(FileInfo file, CancellationToken cancellation)
    {
        await using var content = file.OpenRead();
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation));
    }
}

/// <summary>A file on its way.</summary>
internal sealed class FileContent(FileInfo file, IProgress<ReadingProgress>? uploading) : HttpContent
{
    private const int PieceBytes = 1 << 20;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await using var content = file.OpenRead();
        var piece = new byte[PieceBytes];
        long sent = 0;
        while (await content.ReadAsync(piece, cancellationToken) is > 0 and var count)
        {
            await stream.WriteAsync(piece.AsMemory(0, count), cancellationToken);
            sent += count;
            uploading?.Report(new(Rows: 0, sent, (double)sent / Math.Max(1, file.Length)));
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = file.Length;
        return true;
    }
}
