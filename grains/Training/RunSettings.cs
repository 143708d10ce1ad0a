using System.Collections.Immutable;
using System.Globalization;
using FlowGrain.Flows;
using FlowGrain.Flows.Optimization;
using FlowGrain.Flows.Presets;

namespace FlowGrain.Training;

/// <summary>The settings of a plan, resolved: the sizes of its preset and the details of its optimizer.</summary>
/// <param name="Preset">The preset.</param>
/// <param name="Sizes">Every size of the preset; NaN where it is fitted to the data.</param>
/// <param name="Optimizer">Every detail of the optimizer.</param>
internal sealed record RunSettings(Preset Preset, ImmutableDictionary<string, double> Sizes, ImmutableDictionary<string, double> Optimizer)
{
    /// <summary>What <c>--set</c> takes beside the sizes of the preset.</summary>
    internal static ImmutableArray<PresetSize> OptimizerSettings { get; } =
    [
        new("weight_decay", 0, 0, 1, Whole: false),
        new("clip_norm", 5, 1e-6, 1e9, Whole: false), // the norm of the mean gradient a row
        new("average_decay", 0.999, 0, 0.999999, Whole: false),
        new("warmup", 100, 1, 1_000_000),
        new("noise", 0, 0, 1, Whole: false), // deviations; see TrainingNoise
        new("noise_share", 0, 0, 10, Whole: false), // of the distance to the nearest neighbour
        new("dequantise", 0, 0, 64), // bins; see Dequantisation
        new("outer_rate", 0.7, 1e-6, 10, Whole: false), // of diloco's outer step, as its paper found
        new("outer_momentum", 0.9, 0, 0.999999, Whole: false),
        new("average_moments", 0, 0, 1), // 1: the inner optimizer's moments are averaged with the weights
    ];

    /// <summary>The learning rates of a run of so many rounds, by optimizer step. A warm-up longer than half of the run is cut to it.</summary>
    internal Schedule Rates(TrainingPlan plan, long? rounds)
    {
        var steps = rounds * RunSchedule.InnerSteps(plan) ?? long.MaxValue;
        return new Schedule(plan.LearningRate ?? Preset.LearningRate, (long)Math.Min(Optimizer["warmup"], Math.Max(1, steps / 2)), steps);
    }

    /// <summary>The noise on training rows; null without.</summary>
    internal NoiseScale? Noise => Optimizer["noise"] == 0 ? null : new NoiseScale(Optimizer["noise"], Optimizer["noise_share"]);

    /// <summary>How the sums of a round change the weights.</summary>
    internal UpdateRule Rule(TrainingPlan plan) => new(
        plan.Mode, Optimizer["weight_decay"], Optimizer["outer_rate"], Optimizer["outer_momentum"], plan.Mode != SyncMode.Sync && Optimizer["average_moments"] == 1);

    /// <summary>How a worker steps on its own between two rounds; null in sync rounds.</summary>
    internal InnerSteps? Inner(TrainingPlan plan, long? rounds)
    {
        if (plan.Mode == SyncMode.Sync) return null;
        var rates = Rates(plan, rounds);
        return new InnerSteps(
            RunSchedule.InnerSteps(plan), Rule(plan).AveragesMoments, rates.Peak, rates.WarmupSteps, rates.Steps, Optimizer["clip_norm"], Optimizer["weight_decay"]);
    }

    /// <summary>Resolves a plan's preset and settings.</summary>
    /// <exception cref="BadInputException">All that is wrong with them, a sentence each.</exception>
    internal static RunSettings Of(TrainingPlan plan)
    {
        var preset = PresetOf(plan);
        var faults = new List<string>();
        var known = preset.Sizes.AddRange(OptimizerSettings).ToDictionary(size => size.Name);
        var values = known.ToImmutableDictionary(size => size.Key, size => size.Value.Default);
        foreach (var (name, text) in plan.Settings)
        {
            if (!known.TryGetValue(name, out var size))
                faults.Add($"There is no setting '{name}'; {preset.Name} has {string.Join(", ", known.Keys)}.");
            else if (!TryParse(text, size, out var value))
                faults.Add($"--set {name}={text}: it must be a {(size.Whole ? "whole " : "")}number from {size.Least:R} to {size.Most:R}.");
            else values = values.SetItem(name, value);
        }

        if (values["noise_share"] > 0 && values["noise"] == 0) faults.Add("--set noise_share needs --set noise too: the most that a row is blurred, in deviations of a column.");
        if (values["dequantise"] > 0 && preset.Name == "cnf" && values["likelihood"] == 0) faults.Add("--set dequantise trains its layer by likelihood, and cnf trains by flow matching; add --set likelihood=1, or take another preset.");
        if (faults.Count > 0) throw new BadInputException(string.Join(" ", faults));
        return new RunSettings(
            preset,
            preset.Sizes.ToImmutableDictionary(size => size.Name, size => values[size.Name]),
            OptimizerSettings.ToImmutableDictionary(size => size.Name, size => values[size.Name]));
    }

    private static Preset PresetOf(TrainingPlan plan)
    {
        try
        {
            return plan.Design is { } design ? Preset.Of(FlowDesign.Read(design)) : Preset.Named(plan.Model);
        }
        catch (ArgumentException error)
        {
            throw new BadInputException(error.Message);
        }
    }

    private static bool TryParse(string text, PresetSize size, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
        && value >= size.Least && value <= size.Most && (!size.Whole || value == Math.Floor(value));
}
