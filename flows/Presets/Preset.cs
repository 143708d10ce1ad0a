using System.Collections.Immutable;
using FlowGrain.Flows.Bases;
using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.Objectives;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Flows.Presets;

/// <summary>A named recipe for a flow, with defaults that give a sensible density on any table.</summary>
/// <param name="Name">What <c>--model</c> takes.</param>
/// <param name="Sentence">What it is good for.</param>
/// <param name="Paper">Where it comes from.</param>
/// <param name="Directions">Which directions are fast, exact or iterative.</param>
/// <param name="LearningRate">Default peak learning rate.</param>
/// <param name="Sizes">The sizes that <c>--set</c> changes.</param>
/// <param name="Build">Makes the transforms after the standardisation.</param>
/// <param name="TakesMissing">Whether its columns may lack a value; see <see cref="FlowSpec.Missing"/>.</param>
/// <param name="TakesAngles">Whether it can model angles; see <see cref="FlowSpec.Shape"/>.</param>
/// <param name="Objective">Makes what training minimises; null for maximum likelihood.</param>
public sealed record Preset(
    string Name,
    string Sentence,
    string Paper,
    string Directions,
    double LearningRate,
    ImmutableArray<PresetSize> Sizes,
    Func<PresetRequest, IEnumerable<TransformSpec>> Build,
    bool TakesMissing = false,
    bool TakesAngles = false,
    Func<PresetRequest, ObjectiveSpec?>? Objective = null)
{
    /// <summary>The base of its flows.</summary>
    public BaseSpec Base { get; init; } = new StandardNormalSpec();

    /// <summary>The net that looks at the context of its flows; null without.</summary>
    public EmbeddingSpec? Embedding { get; init; }

    /// <summary>Every preset, in the order of the documentation.</summary>
    public static ImmutableArray<Preset> All { get; } =
    [
        CouplingPresets.Nice, CouplingPresets.RealNvp, CouplingPresets.Glow, CouplingPresets.Nsf,
        AutoregressivePresets.Maf, AutoregressivePresets.Iaf, AutoregressivePresets.NsfAr, AutoregressivePresets.Naf,
        WholeVectorPresets.Planar, WholeVectorPresets.Radial, WholeVectorPresets.Householder, WholeVectorPresets.Sylvester,
        ResidualPreset.Residual, ContinuousPreset.Cnf,
        GaussianizationPreset.Gaussianization,
    ];

    /// <summary>The preset with its defaults on three columns, for questions about its kind.</summary>
    public FlowSpec Example()
    {
        const double TailBound = 3; // where it would be fitted to the data
        var sizes = Sizes.ToImmutableDictionary(size => size.Name, size => double.IsNaN(size.Default) ? TailBound : size.Default);
        var request = new PresetRequest(new FlowShape(Dimension: 3, Context: 0), sizes, Seed: 0);
        return new FlowSpec { Preset = Name, Columns = ["a", "b", "c"], Transforms = [new StandardizeSpec([0, 0, 0], [1, 1, 1]), .. Build(request)], Objective = Objective?.Invoke(request) };
    }

    /// <summary>A flow that somebody designed, as a preset without sizes.</summary>
    public static Preset Of(FlowDesign design) =>
        new("own", "A flow of one's own design.", Paper: "", Directions: "", LearningRate: 1e-3, Sizes: [], _ => design.Transforms, Objective: _ => design.Objective) { Base = design.Base, Embedding = design.Embedding };

    /// <summary>The preset of this name.</summary>
    /// <exception cref="ArgumentException">There is none; the sentence lists what there is.</exception>
    public static Preset Named(string name) => All.FirstOrDefault(preset => preset.Name == name) ??
        throw new ArgumentException($"There is no preset '{name}'; there are {string.Join(", ", All.Select(preset => preset.Name))}.");
}

/// <summary>One size of a preset.</summary>
/// <param name="Name">What <c>--set</c> takes.</param>
/// <param name="Default">Its default; NaN when it is fitted to the data.</param>
/// <param name="Least">Smallest value.</param>
/// <param name="Most">Largest value.</param>
/// <param name="Whole">Whether it is a whole number.</param>
public sealed record PresetSize(string Name, double Default, double Least, double Most, bool Whole = true);

/// <summary>What a preset builds from.</summary>
/// <param name="Shape">D and C.</param>
/// <param name="Sizes">Every size of the preset, by name.</param>
/// <param name="Seed">Seed of the permutations.</param>
public sealed record PresetRequest(FlowShape Shape, ImmutableDictionary<string, double> Sizes, long Seed)
{
    /// <summary>A whole size.</summary>
    public int Count(string name) => (int)Sizes[name];
}
