using System.Collections.Immutable;
using System.Runtime.Intrinsics.X86;
using FlowGrain.Flows.Kernels;
using FlowGrain.Flows.Numerics;

namespace FlowGrain.Flows.Engines;

/// <summary>Flows on our own kernels, for processors with AVX2 and FMA; AVX-512 gives the same bits faster.</summary>
public static class KernelEngine
{
    /// <summary>Name and version of what the kernels compute: a change of their bits changes it.</summary>
    public const string Name = "kernels-4-avx2";

    /// <summary>Whether this processor has what the kernels need.</summary>
    public static bool IsSupported => Avx2.IsSupported && Fma.IsSupported;

    /// <summary>Whether this processor has what the kernels need and every part of the flow has a kernel.</summary>
    public static bool Runs(FlowSpec spec) => IsSupported && Lowering.Knows(spec);

    /// <summary>The flow on the widest vectors there are.</summary>
    internal static IFlowEngine Create(FlowSpec spec) => Avx512F.IsSupported ? new KernelEngine<Lanes16>(spec) : new KernelEngine<Lanes8>(spec);
}

/// <summary>A flow as its list of kernels: each call cuts the rows into tiles and walks the list, forwards and, for gradients, back.</summary>
/// <remarks>
/// A row's log-density depends on that row and the weights alone, not on its neighbours and not on the width of the vectors.
/// Gradients add up in the order of the rows.
/// </remarks>
internal sealed class KernelEngine<T> : IFlowEngine where T : struct, ILanes<T>
{
    private readonly ParameterLayout _layout;
    private readonly ImmutableArray<Kernel<T>> _kernels;
    private readonly AlignedBuffer _parameters;
    private readonly AlignedBuffer _gradient;
    private readonly Scaling _scaling;
    private readonly Scaling? _contextScaling;
    private readonly float _constant; // of the log-density: the standardisation and the base's normaliser
    private readonly TileMemory _passing;
    private TileMemory? _keeping; // made for the first gradient

    internal KernelEngine(FlowSpec spec)
    {
        Spec = spec.Validated();
        _layout = spec.Layout();
        _kernels = Lowering.Kernels<T>(spec);
        _parameters = new AlignedBuffer(_layout.Count);
        _gradient = new AlignedBuffer(_layout.Count);
        _scaling = new Scaling(spec.Standardize(), spec.Marginal());
        _contextScaling = spec.Context.IsEmpty ? null : new Scaling(spec.ContextScaling!);
        _constant = (float)(spec.Standardize().LogDet() - 0.5 * Dimension * PortableMath.LogTwoPi);
        _passing = TileMemory.Passing(_kernels, spec.Shape());
        _layout.Initialize(spec.Seed).Select(value => (float)value).ToArray().CopyTo(Parameters);
    }

    /// <inheritdoc />
    public FlowSpec Spec { get; }

    /// <inheritdoc />
    public Span<float> Parameters => _parameters.Floats.Span;

    private int Dimension => Spec.Columns.Length;

    private int Width => Spec.Columns.Length + Spec.Context.Length;

    /// <inheritdoc />
    public double Gradient(ReadOnlySpan<double> rows, Span<float> gradient, TrainingDraw draw = default, ReadOnlySpan<float> weights = default)
    {
        EngineShapes.RequireGradient(Spec, Parameters.Length, rows.Length, gradient.Length, weights.Length);
        Prepare();
        var memory = _keeping ??= TileMemory.Keeping(_kernels, Spec.Shape());
        var (loss, weight) = (0.0, 0.0);
        for (var (first, all) = (0, rows.Length / Width); first < all; first += TileMemory.MostRows)
        {
            var count = Math.Min(TileMemory.MostRows, all - first);
            var tile = Normalize(rows.Slice(first * Width, count * Width), memory, weights.IsEmpty ? weights : weights.Slice(first, count));
            var logDensity = tile.LogDet.Span;
            var counts = tile.Weight.Span;
            for (var row = 0; row < count; row++)
            {
                loss -= counts[row] * (double)logDensity[row];
                weight += counts[row];
            }

            Backward(tile, memory);
        }

        foreach (var kernel in _kernels) kernel.Collect(_gradient.Floats, (float)weight);
        _gradient.Floats.Span.CopyTo(gradient);
        return loss;
    }

    /// <inheritdoc />
    public void LogDensity(ReadOnlySpan<double> rows, Span<float> logDensity, Span<float> latent)
    {
        EngineShapes.RequireScores(Spec, rows.Length, logDensity.Length, latent.Length);
        Prepare();
        for (var first = 0; first < logDensity.Length; first += TileMemory.MostRows)
        {
            var count = Math.Min(TileMemory.MostRows, logDensity.Length - first);
            var tile = Normalize(rows.Slice(first * Width, count * Width), _passing);
            tile.LogDet.Span[..count].CopyTo(logDensity[first..]);
            if (!latent.IsEmpty) Latents.Store(_passing.State(_kernels.Length), Dimension, latent.Slice(first * Dimension, count * Dimension));
        }
    }

    /// <inheritdoc />
    public void Draw(CounterRandom random, long first, ReadOnlySpan<double> context, Span<float> latent) => random.Normals(first * Dimension, latent);

    /// <inheritdoc />
    public void Generate(ReadOnlySpan<float> latent, ReadOnlySpan<double> context, Span<double> rows)
    {
        EngineShapes.RequireDraws(Spec, latent.Length, context.Length, rows.Length);
        Prepare();
        for (var first = 0; first < rows.Length / Dimension; first += TileMemory.MostRows)
        {
            var count = Math.Min(TileMemory.MostRows, rows.Length / Dimension - first);
            var tile = _passing.Begin(count);
            Latents.Load(latent.Slice(first * Dimension, count * Dimension), Dimension, tile, _passing.State(_kernels.Length));
            _contextScaling?.Load(context.Slice(first * Spec.Context.Length, count * Spec.Context.Length), Spec.Context.Length, 0, tile, tile.Context);
            for (var i = _kernels.Length - 1; i >= 0; i--) _kernels[i].Generate(tile, _passing.State(i + 1), _passing.State(i), _passing.Kept(i));
            _scaling.Store(_passing.State(0), rows.Slice(first * Dimension, count * Dimension));
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var kernel in _kernels) kernel.Dispose();
        _passing.Dispose();
        _keeping?.Dispose();
        _gradient.Dispose();
        _parameters.Dispose();
    }

    private void Prepare()
    {
        _layout.ApplyMasks(Parameters);
        foreach (var kernel in _kernels) kernel.Prepare(_parameters.Floats);
    }

    /// <summary>Walks the rows through every kernel; the tile's log-determinants are their log-densities in the end.</summary>
    private Tile Normalize(ReadOnlySpan<double> rows, TileMemory memory, ReadOnlySpan<float> weights = default)
    {
        var tile = memory.Begin(rows.Length / Width, weights);
        _scaling.Load(rows, Width, 0, tile, memory.State(0));
        _contextScaling?.Load(rows, Width, Dimension, tile, tile.Context);
        for (var i = 0; i < _kernels.Length; i++) _kernels[i].Normalize(tile, memory.State(i), memory.State(i + 1), memory.Kept(i));
        StandardNormalKernel.LogDensity<T>(tile, Dimension, memory.State(_kernels.Length), _constant);
        return tile;
    }

    private void Backward(in Tile tile, TileMemory memory)
    {
        var (above, below) = memory.Gradients;
        StandardNormalKernel.Backward<T>(tile, Dimension, memory.State(_kernels.Length), above);
        for (var i = _kernels.Length - 1; i >= 0; i--)
        {
            _kernels[i].Backward(tile, memory.State(i), memory.State(i + 1), above, below, memory.Kept(i));
            (above, below) = (below, above);
        }
    }
}
