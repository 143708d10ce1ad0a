using TorchSharp;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Engines;

/// <summary>The flow op by op in TorchSharp: the path for processors without our kernels, and the oracle of the tests.</summary>
public sealed class TorchEngine : IFlowEngine
{
    // glibc trims and faults on big temporaries: chunks of 1,024 rows score 1.6 times faster than 4,096.
    private const int ChunkRows = 1024;

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
    public double Gradient(ReadOnlySpan<double> rows, Span<float> gradient)
    {
        var sums = Floats(_flow.Parameters.Gradient);
        sums.Clear();
        if (rows.IsEmpty)
        {
            gradient.Clear();
            return 0;
        }

        using var scope = NewDisposeScope();
        var (x, context) = Split(rows);
        var loss = -_flow.LogProb(x, context).sum();
        loss.backward();
        sums.CopyTo(gradient);
        return loss.ToDouble();
    }

    /// <inheritdoc />
    public void LogDensity(ReadOnlySpan<double> rows, Span<float> logDensity, Span<float> latent)
    {
        using var noGradient = no_grad();
        for (var first = 0; first < logDensity.Length; first += ChunkRows)
        {
            var count = Math.Min(ChunkRows, logDensity.Length - first);
            var z = latent.IsEmpty ? latent : latent.Slice(first * Spec.Columns.Length, count * Spec.Columns.Length);
            ScoreChunk(rows.Slice(first * _width, count * _width), logDensity.Slice(first, count), z);
        }
    }

    /// <inheritdoc />
    public void Generate(ReadOnlySpan<float> latent, ReadOnlySpan<double> context, Span<double> rows)
    {
        if (rows.IsEmpty) return;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var z = tensor(latent.ToArray(), latent.Length / Spec.Columns.Length, Spec.Columns.Length);
        var c = context.IsEmpty ? null : tensor(context.ToArray(), z.shape[0], Spec.Context.Length);
        Doubles(_flow.Generate(z, c).Value.contiguous()).CopyTo(rows);
    }

    /// <inheritdoc />
    public void Dispose() => _flow.Dispose();

    private void ScoreChunk(ReadOnlySpan<double> rows, Span<float> logDensity, Span<float> latent)
    {
        using var scope = NewDisposeScope();
        var (x, context) = Split(rows);
        var (z, logDet) = _flow.Normalize(x, context);
        Floats(_flow.LogProbOf(z, logDet).contiguous()).CopyTo(logDensity);
        if (!latent.IsEmpty) Floats(z.contiguous()).CopyTo(latent);
    }

    private (Tensor X, Tensor? Context) Split(ReadOnlySpan<double> rows)
    {
        var all = tensor(rows.ToArray(), rows.Length / _width, _width);
        var (d, c) = (Spec.Columns.Length, Spec.Context.Length);
        return c == 0 ? (all, null) : (all.narrow(1, 0, d), all.narrow(1, d, c));
    }

    private static Span<float> Floats(Tensor tensor) => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(tensor.bytes);

    private static Span<double> Doubles(Tensor tensor) => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, double>(tensor.bytes);
}
