using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using FlowGrain.Serving;

namespace FlowGrain.Client;

/// <inheritdoc cref="IFlowGrainModel" />
internal sealed class ServedModel(ModelReference reference, IModelCalls calls, FlowGrainClientOptions options, TimeProvider clock) : IFlowGrainModel
{
    private readonly ConcurrentDictionary<int, ModelDescription> _versions = []; // those that have answered beside the known one; a version never changes
    private ModelDescription? _known; // what the name meant when its user last described it: their rows are made for that

    public ModelReference Reference => reference;

    public async Task<ModelDescription> Describe(CancellationToken cancellation = default) =>
        _known = await Described(reference, cancellation);

    public async Task<Scores> Score(ReadOnlyMemory<double> rows, bool latent = false, CancellationToken cancellation = default) =>
        await Score(reference, await Known(cancellation), rows, latent, cancellation);

    public async IAsyncEnumerable<Scores> ScoreBlocks(IAsyncEnumerable<ReadOnlyMemory<double>> blocks, bool latent = false, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        Task<ModelDescription>? known = null; // as the stream began
        Task<Scores>? first = null; // whose version answers the others
        await foreach (var scores in Pipeline.InOrder(blocks, options.Concurrency, Call, cancellation)) yield return scores;

        Task<Scores> Call(ReadOnlyMemory<double> block, CancellationToken token) => first is { } begun ? Follow(begun, block, token) : first = Begin(block, token);

        async Task<Scores> Begin(ReadOnlyMemory<double> block, CancellationToken token) => await Score(reference, await (known = Known(token)), block, latent, token);

        async Task<Scores> Follow(Task<Scores> begun, ReadOnlyMemory<double> block, CancellationToken token) => await Score(Pinned((await begun).Version), await known!, block, latent, token);
    }

    public async Task<Samples> Sample(int rows, long seed, ReadOnlyMemory<double> context = default, CancellationToken cancellation = default)
    {
        var known = await Fixed(cancellation);
        var (blocks, columns) = (Blocks(known, rows, seed, context, cancellation), known.Columns.Length);
        var values = new double[(long)rows * columns];
        await foreach (var block in blocks) block.Values.CopyTo(values, block.First * columns);
        return new(known.Version, First: 0, columns, values);
    }

    public async IAsyncEnumerable<Samples> SampleBlocks(long rows, long seed, ReadOnlyMemory<double> context = default, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var block in Blocks(await Fixed(cancellation), rows, seed, context, cancellation)) yield return block;
    }

    private ModelReference Pinned(int version) => new(reference.Name, version);

    private async Task<ModelDescription> Known(CancellationToken cancellation) => _known ??= await Described(reference, cancellation);

    /// <summary>The version that the name means now; asked anew where that may have changed.</summary>
    private async Task<ModelDescription> Fixed(CancellationToken cancellation)
    {
        if (reference.Version is not null || _known is not { } known) return await Known(cancellation);
        var now = await Described(reference, cancellation);
        RowColumns.RequireSame(known, now);
        return now;
    }

    private Task<ModelDescription> Described(ModelReference which, CancellationToken cancellation) => Patiently(token => calls.Describe(which, token), cancellation);

    private async Task<Scores> Score(ModelReference which, ModelDescription known, ReadOnlyMemory<double> rows, bool latent, CancellationToken cancellation)
    {
        var width = known.Columns.Length + known.Context.Length;
        if (rows.Length % width != 0) throw new BadInputException($"{rows.Length} numbers are no whole rows of {reference}; a row has {width}: {string.Join(", ", known.Columns.Concat(known.Context))}.");
        if (rows.IsEmpty) return new(known.Version, [], latent ? [] : null);
        var most = CallSize.Rows(width, options.CallRows) * width;
        if (rows.Length <= most) return await Call(which, known, rows, latent, cancellation);
        var parts = new List<Scores>();
        for (var rest = rows; !rest.IsEmpty; rest = rest[Math.Min(most, rest.Length)..])
        {
            var (asked, part) = (parts is [var first, ..] ? Pinned(first.Version) : which, rest[..Math.Min(most, rest.Length)]);
            parts.Add(await Call(asked, known, part, latent, cancellation));
        }

        return new(parts[0].Version, [.. parts.SelectMany(part => part.LogDensity)], latent ? [.. parts.SelectMany(part => part.Latent!)] : null);
    }

    /// <summary>Scores the rows of one call, where they mean to the version that answers what they mean to the known one.</summary>
    private async Task<Scores> Call(ModelReference which, ModelDescription known, ReadOnlyMemory<double> rows, bool latent, CancellationToken cancellation)
    {
        var scores = await Asked(which, known, rows, latent, cancellation);
        if (scores.Version != known.Version) RowColumns.RequireSame(known, await Answering(scores.Version, cancellation));
        return scores;
    }

    private async Task<Scores> Asked(ModelReference which, ModelDescription known, ReadOnlyMemory<double> rows, bool latent, CancellationToken cancellation)
    {
        try
        {
            return await Patiently(token => calls.Score(which, known, rows, latent, token), cancellation);
        }
        catch (BadInputException refused) when (refused is not NotFoundException && which.Version is null)
        {
            RowColumns.RequireSame(known, await Described(which, cancellation)); // which may be why
            throw;
        }
    }

    private async Task<ModelDescription> Answering(int version, CancellationToken cancellation) =>
        _versions.TryGetValue(version, out var known) ? known : _versions[version] = await Described(Pinned(version), cancellation);

    private IAsyncEnumerable<Samples> Blocks(ModelDescription known, long rows, long seed, ReadOnlyMemory<double> context, CancellationToken cancellation)
    {
        if (rows < 0) throw new BadInputException($"{rows} rows were asked for; draw 0 or more.");
        if (context.Length != known.Context.Length) throw new BadInputException($"{context.Length} values of context came for {reference}, which takes {known.Context.Length}{(known.Context.IsEmpty ? "" : $": {string.Join(", ", known.Context)}")}.");
        var most = CallSize.Rows(known.Columns.Length, options.CallRows);
        return Pipeline.InOrder(Requests().ToAsyncEnumerable(), options.Concurrency, Draw, cancellation);

        IEnumerable<SampleRequest> Requests()
        {
            for (long first = 0; first < rows; first += most) yield return new(first, (int)Math.Min(most, rows - first), seed, new Block<double>(context));
        }

        async Task<Samples> Draw(SampleRequest request, CancellationToken token) =>
            new(known.Version, request.First, known.Columns.Length, await Patiently(limit => calls.Draw(known, request, limit), token));
    }

    /// <summary>Makes a call with all of its attempts, the last of which ends when the patience does.</summary>
    private async Task<T> Patiently<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellation)
    {
        using var over = new CancellationTokenSource(options.Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, over.Token);
        try
        {
            return await call(either.Token);
        }
        catch (OperationCanceledException late) when (over.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new ClusterUnreachableException($"{reference} was not answered for within {Persistence.Words(options.Patience)}; look whether its silos are busy, or raise {FlowGrainClientOptions.Section}:{nameof(options.Patience)}.", late);
        }
    }
}
