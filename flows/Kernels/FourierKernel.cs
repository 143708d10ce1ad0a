using FlowGrain.Flows.Conditioners;

namespace FlowGrain.Flows.Kernels;

/// <summary>Shows a net its inputs with their waves; see <see cref="Fourier"/>.</summary>
/// <remarks>
/// Kept: the features, and what the net keeps. Backward, with the net's derivatives in the features from above:
/// <c>dx = d₀ + Σ_k (c_k ds_k − s_k dc_k) / a_k</c>, where <c>s_k = a_k sin 2πu_k</c> and <c>c_k = a_k cos 2πu_k</c>.
/// </remarks>
internal sealed unsafe class FourierKernel<T>(int octaves, NetKernel<T> net) : NetKernel<T>(net.Inputs / (1 + 2 * octaves), net.Outputs)
    where T : struct, ILanes<T>
{
    private readonly int _features = 1 + 2 * octaves;
    private readonly float[] _turns = [.. Enumerable.Range(0, octaves).Select(FourierSpec.TurnsOf)];
    private readonly float[] _heights = [.. Enumerable.Range(0, octaves).Select(FourierSpec.HeightOf)];

    internal override int Hidden => net.Hidden;

    internal override int Kept => net.Inputs + net.Kept;

    internal override int Scratch => net.Inputs + net.Scratch;

    internal override void Prepare(Floats parameters) => net.Prepare(parameters);

    internal override void Forward(int blocks, Units hidden, Units outputs, Floats input, Floats kept, Floats output)
    {
        var regions = new Regions(kept, blocks * Tile.BlockRows);
        var features = regions.Next(net.Inputs);
        for (var block = 0; block < blocks; block++)
        {
            for (var i = 0; i < Inputs; i++) Show(input.Column(block, Inputs, i), FeaturesOf(features, block, i));
        }

        net.Forward(blocks, hidden, outputs, features, regions.Next(net.Kept), output);
    }

    internal override void Backward(int blocks, Floats input, Floats kept, Floats outputGradient, Units inputs, Floats inputGradient, Floats scratch)
    {
        var (keptRegions, scratchRegions) = (new Regions(kept, blocks * Tile.BlockRows), new Regions(scratch, blocks * Tile.BlockRows));
        var (features, gradients) = (keptRegions.Next(net.Inputs), scratchRegions.Next(net.Inputs));
        var seen = new Units(inputs.First * _features, inputs.Count * _features);
        net.Backward(blocks, features, keptRegions.Next(net.Kept), outputGradient, seen, gradients, scratchRegions.Next(net.Scratch));
        for (var block = 0; block < blocks; block++)
        {
            for (var i = inputs.First; i < inputs.First + inputs.Count; i++)
                Join(FeaturesOf(features, block, i), FeaturesOf(gradients, block, i), inputGradient.Column(block, Inputs, i));
        }
    }

    internal override void Collect(Floats gradient) => net.Collect(gradient);

    public override void Dispose() => net.Dispose();

    private float* FeaturesOf(Floats features, int block, int input) => features.Column(block, net.Inputs, input * _features);

    private void Show(float* input, float* features)
    {
        for (var row = 0; row < Tile.BlockRows; row += T.Count)
        {
            var x = T.Load(input + row);
            T.Store(features + row, x);
            for (var octave = 0; octave < octaves; octave++)
            {
                var (sine, cosine) = VectorMath.SineAndCosineOfTurns(x * T.All(_turns[octave]));
                var height = T.All(_heights[octave]);
                T.Store(SineOf(features, octave) + row, height * sine);
                T.Store(SineOf(features, octave) + Tile.BlockRows + row, height * cosine);
            }
        }
    }

    private void Join(float* features, float* gradients, float* gradient)
    {
        for (var row = 0; row < Tile.BlockRows; row += T.Count)
        {
            var sum = T.Load(gradients + row);
            for (var octave = 0; octave < octaves; octave++)
            {
                float* wave = SineOf(features, octave) + row, down = SineOf(gradients, octave) + row;
                var slope = T.Load(wave + Tile.BlockRows) * T.Load(down) - T.Load(wave) * T.Load(down + Tile.BlockRows);
                sum = T.MultiplyAdd(T.All(1 / _heights[octave]), slope, sum);
            }

            T.Store(gradient + row, sum);
        }
    }

    /// <summary>The sine of a wave in the features of an input; its cosine is the column after.</summary>
    private static float* SineOf(float* features, int octave) => features + (1 + 2 * octave) * Tile.BlockRows;
}
