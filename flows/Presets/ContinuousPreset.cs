using FlowGrain.Flows.Objectives;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Flows.Presets;

/// <summary>A flow that is the solution of a differential equation.</summary>
internal static class ContinuousPreset
{
    internal static Preset Cnf { get; } = new(
        "cnf",
        "Rows that flow along a field of velocities, trained without solving for their paths: any shape, at the price of a solver for every density and draw.",
        "Chen et al. 2018, https://arxiv.org/abs/1806.07366; Lipman et al. 2023, https://arxiv.org/abs/2210.02747",
        "density and samples by an adaptive solver, numerical to an error that is measured; trains by flow matching, in one pass",
        LearningRate: 2e-3,
        [new("hidden", 128, 1, 4096), new("tolerance", 1e-5, 1e-12, 0.1, Whole: false), new("likelihood", 0, 0, 1)],
        request => [new ContinuousSpec(request.Count("hidden"), request.Sizes["tolerance"])],
        Objective: request => request.Count("likelihood") == 1 ? null : new FlowMatchingSpec());
}
