using FlowGrain.Cluster;
using FlowGrain.Data;

namespace FlowGrain.Serving;

/// <inheritdoc cref="IScoringGrain" />
internal sealed class ScoringGrain(ModelEngines engines, DataRoots roots, TimeProvider clock) : Grain, IScoringGrain
{
    private BulkScoring? _scoring;

    public async Task<ScoringResult> Score(ScoringPlan plan, CancellationToken cancellation = default)
    {
        roots.Require(plan.Data);
        if (plan.Output is { } output) roots.RequireOutput(output, plan.Data);
        var scoring = _scoring = new BulkScoring(await engines.Get(plan.Model, plan.Version), plan, clock);
        return await DedicatedThread.Once("flowgrain-scoring", () => scoring.Run(cancellation));
    }

    public Task<long> RowsDone() => Task.FromResult(_scoring?.Rows ?? 0);

    public async Task<EvaluationReport> Evaluate(EvaluationPlan plan, CancellationToken cancellation = default)
    {
        roots.Require(plan.Data);
        var evaluation = new ModelEvaluation(await engines.Get(plan.Model, plan.Version), plan);
        return await DedicatedThread.Once("flowgrain-evaluation", () => evaluation.Run(cancellation));
    }
}
