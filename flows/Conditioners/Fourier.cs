using System.Globalization;
using FlowGrain.Flows.Numerics;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Conditioners;

/// <summary>A net that sees its inputs as waves too; see <see cref="Fourier"/>.</summary>
/// <param name="Octaves">Waves of every input, each half as long as the one before; at least 1.</param>
/// <param name="Net">The net over the inputs and their waves.</param>
public sealed record FourierSpec(int Octaves, ConditionerSpec Net) : ConditionerSpec
{
    internal const int MostOctaves = 16;

    private const float Longest = 8; // of the waves; inputs are about standard, few lie further apart. A power of two: turns are exact

    /// <summary>What the net sees of one input: it, and sine and cosine of each wave.</summary>
    internal int Features => 1 + 2 * Octaves;

    /// <summary>Turns of a wave for each unit of the input.</summary>
    internal static float TurnsOf(int octave) => (1 << octave) / Longest;

    /// <summary>Height of a wave: its slope is 1 at most, as that of the input itself, so that short waves refine what long ones draw.</summary>
    internal static float HeightOf(int octave) => (float)(1 / (2 * Math.PI * TurnsOf(octave)));

    internal override void Declare(ParameterScope scope, NetShape shape) => Net.Declare(scope, shape.Seen(Features));

    internal override Conditioner Build(ViewScope views) => new Fourier(Octaves, Net.Build(views));

    internal override IEnumerable<string> Problems(NetShape shape)
    {
        if (Octaves is < 1 or > MostOctaves) yield return string.Create(CultureInfo.InvariantCulture, $"fourier has {Octaves} octaves; it takes 1 to {MostOctaves}.");
        if (Net is not (MlpSpec or ResidualNetSpec)) yield return "fourier needs a net that looks at its inputs: mlp or residual.";
        foreach (var problem in Net.Problems(shape)) yield return problem;
    }
}

/// <summary>
/// Shows a net every input x as <c>x, s₀, c₀, s₁, …</c> with <c>s_k = a_k sin 2πu_k</c>, <c>c_k = a_k cos 2πu_k</c>, <c>u_k = 2ᵏ x / 8</c>
/// turns and <c>a_k = 1 / (2π 2ᵏ / 8)</c>, so that it can follow its inputs closely where a net of the bare x stays smooth.
/// </summary>
/// <remarks>
/// With waves of one height the short ones take over, and training does not settle (tried). Source: Tancik et al. 2020, "Fourier
/// Features Let Networks Learn High Frequency Functions in Low Dimensional Domains", https://arxiv.org/abs/2006.10739, with
/// heights that fall with the frequency.
/// </remarks>
internal sealed class Fourier(int octaves, Conditioner net) : Conditioner
{
    private readonly Tensor _turns = Each(octaves, FourierSpec.TurnsOf);
    private readonly Tensor _heights = Each(octaves, FourierSpec.HeightOf);

    internal override Tensor Parameters(long rows, Tensor? first, Tensor? second)
    {
        var inputs = Inputs(first, second).unsqueeze(2);
        var turns = inputs * _turns;
        var angles = (turns - turns.round()) * Scalars.Turn; // whole turns go first, which loses nothing
        var waves = stack([angles.sin() * _heights, angles.cos() * _heights], 3).flatten(2);
        return net.Parameters(rows, cat([inputs, waves], 2).flatten(1), second: null);
    }

    private static Tensor Each(int octaves, Func<int, float> number) => tensor(Enumerable.Range(0, octaves).Select(number).ToArray());
}
