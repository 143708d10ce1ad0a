using FlowGrain.Cluster;
using FlowGrain.Data;

namespace FlowGrain.Serving;

/// <inheritdoc cref="IScoringGrain" />
internal sealed class ScoringGrain(ModelEngines engines, DataRoots roots, TimeProvider clock) : Grain, IScoringGrain
{
    private readonly LatestProgress _reading = new();

    public async Task<ScoringResult> Score(ScoringPlan plan, CancellationToken cancellation = default)
    {
        roots.Require(plan.Data);
        if (plan.Output is { } output) roots.RequireOutput(output);
        var scoring = new BulkScoring(await engines.Get(plan.Model, plan.Version), plan, _reading, clock);
        return await DedicatedThread.Once("flowgrain-scoring", () => scoring.Run(cancellation));
    }

    public async Task<EvaluationReport> Evaluate(EvaluationPlan plan, CancellationToken cancellation = default)
    {
        roots.Require(plan.Data);
        var evaluation = new ModelEvaluation(await engines.Get(plan.Model, plan.Version), plan, _reading);
        return await DedicatedThread.Once("flowgrain-evaluation", () => evaluation.Run(cancellation));
    }

    public Task<ReadingProgress?> Reading() => Task.FromResult(_reading.Value);
}
