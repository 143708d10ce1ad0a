using System.Collections.Immutable;
using FlowGrain.Data;

namespace FlowGrain.Training;

/// <summary>
/// Everything that decides the bits of a trained model, as its user wrote it. Nothing in it comes from the machine.
/// </summary>
[GenerateSerializer, Immutable, Alias("flowgrain.training.TrainingPlan")]
public sealed record TrainingPlan
{
    /// <summary>The patience of a plan that gives neither one nor a limit.</summary>
    public const int DefaultPatience = 10;

    /// <summary>The preset of a plan that names none, and no model to begin with.</summary>
    public const string DefaultModel = "nsf";

    /// <summary>The inner steps of a plan of mode local or diloco that gives none.</summary>
    public const int DefaultInnerSteps = 50;

    /// <summary>The rows and columns to learn.</summary>
    [Id(0)] public required DataSelection Data { get; init; }

    /// <summary>The preset. Default nsf; with <see cref="From"/> empty, which is that of the model.</summary>
    [Id(1)] public string Model { get => field ?? (From is null ? DefaultModel : ""); init; }

    /// <summary>A flow of one's own in the place of the preset, as JSON; null takes the preset. See docs/designs.md.</summary>
    [Id(17)] public string? Design { get; init; }

    /// <summary>Sizes of the preset and details of the optimizer, by name, as <c>--set</c> gives them; the silo knows which exist.</summary>
    [Id(2)] public ImmutableSortedDictionary<string, string> Settings { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Optimizer steps; at most one of steps, epochs and minutes is given.</summary>
    [Id(3)] public long? Steps { get; init; }

    /// <summary>Passes over the training rows. Without any limit: 100 epochs and patience 10.</summary>
    [Id(4)] public int? Epochs { get; init; }

    /// <summary>Minutes; 20 rounds are timed at the beginning, once they are as fast as they get, and fix the number of steps, which is journaled.</summary>
    [Id(5)] public double? Minutes { get; init; }

    /// <summary>Rows per shard and step. Default 512.</summary>
    [Id(6)] public int BatchRows { get; init; } = 512;

    /// <summary>Logical shards: the pieces of a step, whichever workers compute them. Default 8.</summary>
    [Id(7)] public int Shards { get; init; } = 8;

    /// <summary>Peak learning rate; null takes the preset's.</summary>
    [Id(8)] public double? LearningRate { get; init; }

    /// <summary>Seed of the initial weights, the split and the row order. Default 0.</summary>
    [Id(9)] public long Seed { get; init; }

    /// <summary>Share of the rows that choose the best weights; of no account where a file of them is given. Default 0.1.</summary>
    [Id(10)] public double ValidationFraction { get; init; } = 0.1;

    /// <summary>Share of the rows that nothing but the final test sees. Default 0.</summary>
    [Id(11)] public double TestFraction { get; init; }

    /// <summary>Validations without improvement before the run stops early; null: never, or <see cref="DefaultPatience"/> without any limit.</summary>
    [Id(12)] public int? Patience { get; init; }

    /// <summary>How the workers of the run meet. Default sync.</summary>
    [Id(13)] public SyncMode Mode { get; init; }

    /// <summary>Steps that a worker makes on its own between two rounds, H; null takes 50 where the mode has them.</summary>
    [Id(14)] public int? InnerSteps { get; init; }

    /// <summary>Ranges that the parameters are cut into, an aggregator and a share of the optimizer each. Changes no bit. Default 1.</summary>
    [Id(15)] public int Ranges { get; init; } = 1;

    /// <summary>Runs of a higher priority get the slots that they can use first; those of one share equally. Changes no bit. Default 0.</summary>
    [Id(16)] public int Priority { get; init; }

    /// <summary>
    /// A published model whose weights training begins with: NAME, NAME@VERSION or NAME@ALIAS; null for fresh ones. The run that begins
    /// has its number here, and what the plan leaves open as the model has it: preset or design with its sizes, columns, context, kinds.
    /// </summary>
    [Id(18)] public string? From { get; init; }
}

/// <summary>How the workers of a run meet.</summary>
[GenerateSerializer, Alias("flowgrain.training.SyncMode")]
public enum SyncMode
{
    /// <summary>At every step: their gradients are added, and one optimizer steps.</summary>
    Sync,

    /// <summary>After H steps of their own: their weights are averaged.</summary>
    Local,

    /// <summary>After H steps of their own: an outer Nesterov step goes towards the average of their weights.</summary>
    Diloco,
}
