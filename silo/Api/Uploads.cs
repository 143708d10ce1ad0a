using System.Collections.Immutable;
using System.Security.Cryptography;
using FlowGrain.Api;
using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Storage;
using Microsoft.Extensions.Options;

namespace FlowGrain.Silo.Api;

/// <summary>Files that clients uploaded: <c>uploads/ID/</c> below Storage:Root, each upload whole or not there; until it is whole, it is <c>uploads/.ID/</c>.</summary>
internal sealed class Uploads(IOptions<StorageOptions> storage, DataRoots roots, TimeProvider clock)
{
    private string Root => storage.Value.Uploads;

    /// <summary>A file or folder that jobs may read.</summary>
    /// <exception cref="NotFoundException">It is not there, or lies where they may not read: nobody learns which.</exception>
    internal SeenFile Seen(string path)
    {
        if (!roots.MayRead(path) || !Path.Exists(path)) throw new NotFoundException($"The silos see no file '{path}' in the folders of their Data:Roots; put it there, name it as they see it, or upload it: a command does so with a file that lies where it runs.");
        return new(path, Directory.Exists(path) ? 0 : new FileInfo(path).Length, File.GetLastWriteTimeUtc(path));
    }

    /// <summary>Says which blocks of an upload have not come; where all have, it becomes whole. Blocks that other uploads have are taken from them.</summary>
    /// <exception cref="BadInputException">A name leads elsewhere, or sizes and blocks do not go together.</exception>
    /// <exception cref="DiskFullException">There is no room for all of it; nothing was left behind.</exception>
    internal UploadState Announce(UploadOrder order)
    {
        var plan = UploadPlan.Of(order);
        if (Directory.Exists(Whole(plan.Id))) return State(plan, []);
        try
        {
            return State(plan, DiskSpace.Use(Root, () => Lacking(plan)));
        }
        catch (IOException) when (Directory.Exists(Whole(plan.Id)))
        {
            return State(plan, []); // another client has just completed the same
        }
    }

    /// <summary>Takes a block that an upload lacks; one that it has is taken again.</summary>
    /// <param name="id">The upload.</param>
    /// <param name="sha256">The block's hash.</param>
    /// <param name="content">It.</param>
    /// <param name="length">How long its sender says that it is; null where he does not say.</param>
    /// <param name="cancellation">Gives up; nothing of it counts.</param>
    /// <exception cref="NotFoundException">The upload was not announced, or has no such block.</exception>
    /// <exception cref="BadInputException">The content is another.</exception>
    /// <exception cref="DiskFullException">There is no room for it; the blocks before it stay.</exception>
    internal async Task Take(string id, string sha256, Stream content, long? length, CancellationToken cancellation)
    {
        var places = Places(id, UploadPlan.RequireHash(sha256));
        var block = await Read(places[0], content, length, cancellation);
        try
        {
            DiskSpace.Use(Root, () => places.ForEach(place => new UploadFolder(Partial(id)).Write(place, block)));
        }
        catch (IOException) when (Directory.Exists(Whole(id)))
        {
            // It has all of its blocks already.
        }
    }

    /// <summary>Takes a file in one go.</summary>
    /// <exception cref="DiskFullException">There is no room; nothing was left behind.</exception>
    internal async Task<UploadState> Take(string name, Stream content, CancellationToken cancellation)
    {
        UploadPlan.Of(new(name, [new(name, 0, [])])); // a name that leads elsewhere is refused before anything is read
        using var staging = DiskSpace.Use(Root, () => StagingFolder.Create(Root, clock));
        var received = staging.In("received");
        var plan = UploadPlan.Of(new(name, [await Receive(name, received, content, cancellation)]));
        DiskSpace.Use(Root, () => new UploadFolder(staging.Path).Adopt(plan, received));
        staging.Commit(Whole(plan.Id));
        return State(plan, []);
    }

    /// <summary>Removes what was uploaded, whole or not; data sets that were read from it stay.</summary>
    internal void Delete(string id)
    {
        foreach (var folder in new[] { Whole(id), Partial(id) }.Where(Directory.Exists)) StagingFolder.Remove(folder);
    }

    private ImmutableArray<UploadBlock> Lacking(UploadPlan plan)
    {
        var partial = new UploadFolder(Partial(plan.Id));
        if (!partial.Exists) Begin(plan);
        if (partial.Missing(plan) is [_, ..] missing) TakeKnown(partial, missing);
        var left = partial.Missing(plan);
        if (left.IsEmpty) Durable.MoveFolder(Partial(plan.Id), Whole(plan.Id));
        return left;
    }

    private void Begin(UploadPlan plan)
    {
        using var staging = StagingFolder.Create(Root, clock);
        new UploadFolder(staging.Path).Allocate(plan);
        staging.Commit(Partial(plan.Id));
    }

    private void TakeKnown(UploadFolder partial, ImmutableArray<UploadBlock> missing)
    {
        var known = new Dictionary<string, (UploadFolder Folder, UploadBlock Block)>();
        foreach (var folder in Directory.EnumerateDirectories(Root).Where(IsWhole).Select(path => new UploadFolder(path)))
            foreach (var block in folder.Plan()?.Blocks ?? []) known[block.Sha256] = (folder, block);
        foreach (var block in missing)
        {
            if (!known.TryGetValue(block.Sha256, out var other)) continue;
            var content = new byte[block.Bytes];
            if (other.Folder.TryRead(other.Block, content)) partial.Write(block, content);
        }
    }

    private List<UploadBlock> Places(string id, string sha256)
    {
        var plan = new UploadFolder(Partial(id)).Plan() ?? new UploadFolder(Whole(id)).Plan()
            ?? throw new NotFoundException($"No upload {id} was announced, or it was cleared away; announce it with POST /api/v1/datasets/uploads.");
        var places = plan.Blocks.Where(block => block.Sha256 == sha256).ToList();
        return places.Count > 0 ? places : throw new NotFoundException($"The upload {id} has no block {sha256}; send those that it lacks.");
    }

    private static async Task<byte[]> Read(UploadBlock expected, Stream content, long? length, CancellationToken cancellation)
    {
        var block = new byte[expected.Bytes];
        var isWhole = (length ?? block.Length) == block.Length // looked at before anything is read
            && await content.ReadAtLeastAsync(block, block.Length, throwOnEndOfStream: false, cancellation) == block.Length
            && await content.ReadAsync(new byte[1], cancellation) == 0;
        if (!isWhole) throw new BadInputException($"Block {expected.Sha256} has {block.Length} bytes, and others were sent; send exactly those.");
        return Convert.ToHexStringLower(SHA256.HashData(block)) is var found && found == expected.Sha256
            ? block
            : throw new BadInputException($"The content of block {expected.Sha256} has the SHA-256 {found}; the file changed while it was uploaded: upload it again.");
    }

    private async Task<UploadFile> Receive(string name, string path, Stream content, CancellationToken cancellation)
    {
        var (blocks, bytes, block) = (ImmutableArray.CreateBuilder<string>(), 0L, new byte[UploadFile.BlockBytes]);
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        while (await content.ReadAtLeastAsync(block, block.Length, throwOnEndOfStream: false, cancellation) is > 0 and var count)
        {
            DiskSpace.Use(Root, () => file.Write(block, 0, count));
            blocks.Add(Convert.ToHexStringLower(SHA256.HashData(block.AsSpan(0, count))));
            bytes += count;
        }

        DiskSpace.Use(Root, () => file.Flush(flushToDisk: true));
        return new(name, bytes, blocks.ToImmutable());
    }

    private UploadState State(UploadPlan plan, ImmutableArray<UploadBlock> missing) => new(
        plan.Id, [.. missing.Select(block => block.Sha256).Distinct()], missing.IsEmpty ? new UploadFolder(Whole(plan.Id)).PathOf(plan.Order.Path) : null);

    private static bool IsWhole(string folder) => !Path.GetFileName(folder).StartsWith('.');

    private string Whole(string id) => Path.Combine(Root, UploadPlan.RequireHash(id));

    private string Partial(string id) => Path.Combine(Root, $".{UploadPlan.RequireHash(id)}");
}
