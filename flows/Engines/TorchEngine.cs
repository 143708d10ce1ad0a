using System.Numerics;
using System.Runtime.InteropServices;
using FlowGrain.Flows.Numerics;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Engines;

/// <summary>The flow op by op in TorchSharp: the path for processors without our kernels, and the oracle of the tests.</summary>
public sealed class TorchEngine : IFlowEngine
{
    // glibc trims and faults on big temporaries: chunks of 1,024 rows score 1.6 times faster than 4,096.
    private const int ChunkRows = 1024;

    private const int LeastRows = 64; // a row's bits were equal for every batch from here on; from 8 on where there is no AVX-512

    private readonly Flow _flow;
    private readonly int _width;

    /// <summary>Builds the flow of a spec in float32.</summary>
    public TorchEngine(FlowSpec spec)
    {
        _flow = Flow.Build(spec);
        _width = spec.Columns.Length + spec.Context.Length;
    }

    /// <inheritdoc />
    public FlowSpec Spec => _flow.Spec;

    /// <inheritdoc />
    public Span<float> Parameters => Floats(_flow.Parameters.Values);

    /// <inheritdoc />
    public double Gradient(ReadOnlySpan<double> rows, Span<float> gradient, TrainingDraw draw = default, ReadOnlySpan<float> weights = default)
    {
        EngineShapes.RequireGradient(Spec, Parameters.Length, rows.Length, gradient.Length, weights.Length);
        var sums = Floats(_flow.Parameters.Gradient);
        sums.Clear();
        if (rows.IsEmpty)
        {
            gradient.Clear();
            return 0;
        }

        using var scope = NewDisposeScope();
        var (x, context) = Split(rows.ToArray());
        var loss = _flow.Loss(x, context, draw, weights.IsEmpty ? null : tensor(weights.ToArray()));
        loss.backward();
        sums.CopyTo(gradient);
        return Floats(loss)[0];
    }

    /// <inheritdoc />
    public void LogDensity(ReadOnlySpan<double> rows, Span<float> logDensity, Span<float> latent)
    {
        EngineShapes.RequireScores(Spec, rows.Length, logDensity.Length, latent.Length);
        using var noGradient = no_grad();
        var d = Spec.Columns.Length;
        for (var first = 0; first < logDensity.Length; first += ChunkRows)
        {
            var count = Math.Min(ChunkRows, logDensity.Length - first);
            var z = latent.IsEmpty ? latent : latent.Slice(first * d, count * d);
            ScoreChunk(rows.Slice(first * _width, count * _width), logDensity.Slice(first, count), z);
        }
    }

    /// <inheritdoc />
    public void Draw(CounterRandom random, long first, ReadOnlySpan<double> context, Span<float> latent)
    {
        using var noGradient = no_grad();
        var (d, c) = (Spec.Columns.Length, Spec.Context.Length);
        for (var at = 0; at < latent.Length / d; at += ChunkRows)
        {
            var count = Math.Min(ChunkRows, latent.Length / d - at);
            DrawChunk(random, first + at, context.IsEmpty ? context : context.Slice(at * c, count * c), latent.Slice(at * d, count * d));
        }
    }

    /// <inheritdoc />
    public void Generate(ReadOnlySpan<float> latent, ReadOnlySpan<double> context, Span<double> rows)
    {
        EngineShapes.RequireDraws(Spec, latent.Length, context.Length, rows.Length);
        using var noGradient = no_grad();
        var (d, c) = (Spec.Columns.Length, Spec.Context.Length);
        for (var first = 0; first < rows.Length / d; first += ChunkRows)
        {
            var count = Math.Min(ChunkRows, rows.Length / d - first);
            GenerateChunk(latent.Slice(first * d, count * d), context.IsEmpty ? context : context.Slice(first * c, count * c), rows.Slice(first * d, count * d));
        }
    }

    /// <inheritdoc />
    public void Dispose() => _flow.Dispose();

    private void ScoreChunk(ReadOnlySpan<double> rows, Span<float> logDensity, Span<float> latent)
    {
        using var scope = NewDisposeScope();
        var (x, context) = Split(Padded(rows, _width));
        var (z, logDet) = _flow.Normalize(x, context);
        Floats(_flow.LogProbOf(z, logDet, context).contiguous())[..logDensity.Length].CopyTo(logDensity);
        if (!latent.IsEmpty) Floats(z.contiguous())[..latent.Length].CopyTo(latent);
    }

    private void DrawChunk(CounterRandom random, long first, ReadOnlySpan<double> context, Span<float> latent)
    {
        using var scope = NewDisposeScope();
        var rows = PaddedRows(latent.Length / Spec.Columns.Length);
        var given = context.IsEmpty ? null : tensor(Padded(context, Spec.Context.Length), rows, Spec.Context.Length);
        Floats(_flow.Draw(random, first, rows, given).contiguous())[..latent.Length].CopyTo(latent);
    }

    private void GenerateChunk(ReadOnlySpan<float> latent, ReadOnlySpan<double> context, Span<double> rows)
    {
        using var scope = NewDisposeScope();
        var (d, c) = (Spec.Columns.Length, Spec.Context.Length);
        var padded = Padded(latent, d);
        var z = tensor(padded, padded.Length / d, d);
        var given = c == 0 ? null : tensor(Padded(context, c), padded.Length / d, c);
        Doubles(_flow.Generate(z, given).Value.contiguous())[..rows.Length].CopyTo(rows);
    }

    /// <summary>Rows filled up to a power of two, 64 at least, by repeating the last: libtorch computes other bits for very small batches.</summary>
    private static T[] Padded<T>(ReadOnlySpan<T> rows, int width)
    {
        var padded = new T[PaddedRows(rows.Length / width) * width];
        rows.CopyTo(padded);
        for (var i = rows.Length; i < padded.Length; i++) padded[i] = padded[i - width];
        return padded;
    }

    private static int PaddedRows(int rows) => (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(LeastRows, rows));

    private (Tensor X, Tensor? Context) Split(double[] rows)
    {
        var all = tensor(rows, rows.Length / _width, _width);
        var (d, c) = (Spec.Columns.Length, Spec.Context.Length);
        return c == 0 ? (all, null) : (all.narrow(1, 0, d), all.narrow(1, d, c));
    }

    private static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    private static Span<double> Doubles(Tensor tensor) => MemoryMarshal.Cast<byte, double>(tensor.bytes);
}
