using System.Collections.Immutable;
using System.Net.Http.Json;
using System.Security.Cryptography;
using FlowGrain.Api;
using FlowGrain.Data;

namespace FlowGrain.Client;

/// <summary>Brings local files to where the silos read, unless they see them already: block by block, and only those blocks that are not there.</summary>
/// <param name="api">The API.</param>
/// <param name="data">The files.</param>
/// <param name="uploading">Told how far it is.</param>
internal sealed class Upload(ApiCalls api, LocalData data, IProgress<ReadingProgress>? uploading)
{
    private static readonly TimeSpan SameTime = TimeSpan.FromSeconds(1); // file systems keep times of different grain

    /// <summary>The path under which the silos read them.</summary>
    internal async Task<string> Locate(CancellationToken cancellation)
    {
        if (data.Files.IsEmpty) return IsGlob ? data.Path : (await api.Get<SeenFile>(Place(data.Path), cancellation)).Path;
        return await AreSeen(cancellation) ? data.Path : await Bring(cancellation);
    }

    private bool IsGlob => data.Path.AsSpan().ContainsAny('*', '?');

    private async Task<bool> AreSeen(CancellationToken cancellation)
    {
        foreach (var file in data.Files)
            if (await Seen(file.Path, cancellation) is not { } there || !IsSame(there, new FileInfo(file.Path))) return false;
        return true;
    }

    // On another machine the same path may lead to another file.
    private static bool IsSame(SeenFile there, FileInfo here) => there.Bytes == here.Length && (there.Modified - here.LastWriteTimeUtc).Duration() < SameTime;

    private static string Place(string path) => $"datasets/file?path={Uri.EscapeDataString(path)}";

    private async Task<SeenFile?> Seen(string path, CancellationToken cancellation)
    {
        try
        {
            return await api.Get<SeenFile>(Place(path), cancellation);
        }
        catch (NotFoundException)
        {
            return null;
        }
    }

    private async Task<string> Bring(CancellationToken cancellation)
    {
        if (data.Files.FirstOrDefault(file => file.Name.StartsWith("../", StringComparison.Ordinal)) is { } elsewhere)
            throw new BadInputException($"'{data.Name}' reads '{elsewhere.Name}', which lies outside of its folder and cannot be uploaded with it; put it beside '{data.Name}'.");
        var files = ImmutableArray.CreateBuilder<UploadFile>();
        foreach (var file in data.Files) files.Add(new(file.Name, new FileInfo(file.Path).Length, await Hashes(file, cancellation)));
        var order = new UploadOrder(data.Name, files.ToImmutable());
        for (var lacking = int.MaxValue; ;)
        {
            var state = await api.Send<UploadState>(() => new(HttpMethod.Post, "datasets/uploads") { Content = JsonContent.Create(order, options: ApiJson.Options) }, cancellation);
            if (state.Path is { } path) return path;
            if (state.Missing.Length >= lacking) throw new BadInputException($"The silos do not keep the blocks of '{data.Name}'; look whether all of them share one Storage:Root.");
            lacking = state.Missing.Length;
            await Send(order, state, cancellation);
        }
    }

    private static async Task<ImmutableArray<string>> Hashes(LocalFile file, CancellationToken cancellation)
    {
        var hashes = ImmutableArray.CreateBuilder<string>();
        var block = new byte[UploadFile.BlockBytes];
        await using var content = new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        while (await content.ReadAtLeastAsync(block, block.Length, throwOnEndOfStream: false, cancellation) is > 0 and var count)
            hashes.Add(Convert.ToHexStringLower(SHA256.HashData(block.AsSpan(0, count))));
        return hashes.ToImmutable();
    }

    private async Task Send(UploadOrder order, UploadState state, CancellationToken cancellation)
    {
        var (missing, all) = (state.Missing.ToHashSet(), order.Files.Sum(file => file.Bytes));
        var places = order.Files.SelectMany((file, number) => file.Blocks.Select((sha256, index) => (sha256, Number: number, Offset: (long)index * UploadFile.BlockBytes)))
            .Where(place => missing.Contains(place.sha256)).DistinctBy(place => place.sha256).ToList();
        var sent = all - places.Sum(place => Length(order.Files[place.Number], place.Offset));
        foreach (var (sha256, number, offset) in places)
        {
            var block = await Read(data.Files[number].Path, offset, Length(order.Files[number], offset), cancellation);
            await api.Send(() => Put($"datasets/uploads/{state.Id}/{sha256}", block), cancellation);
            sent += block.Length;
            uploading?.Report(new(Rows: 0, sent, (double)sent / Math.Max(1, all)));
        }
    }

    // Asks before it sends: a refusal would be lost in a connection that is closed on it.
    private static HttpRequestMessage Put(string place, byte[] block) => new(HttpMethod.Put, place) { Content = new ByteArrayContent(block), Headers = { ExpectContinue = true } };

    private static int Length(UploadFile file, long offset) => (int)Math.Min(UploadFile.BlockBytes, file.Bytes - offset);

    private static async Task<byte[]> Read(string path, long offset, int length, CancellationToken cancellation)
    {
        var block = new byte[length];
        await using var content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        content.Position = offset;
        var read = await content.ReadAtLeastAsync(block, length, throwOnEndOfStream: false, cancellation);
        return block[..read]; // of a file that became shorter: the silo says that it has changed
    }
}
