using FlowGrain.Cluster;
using FlowGrain.Data;
using Microsoft.Extensions.Options;

namespace FlowGrain.Serving;

/// <inheritdoc cref="IScoringGrain" />
[OnStayingSilo]
internal sealed class ScoringGrain(ModelEngines engines, ScoringSilos silos, DataRoots roots, IOptions<StorageOptions> storage, TimeProvider clock) : Grain, IScoringGrain
{
    private LatestProgress _reading = new();
    private SharedWork<ScoringResult>? _scoring;

    public async Task<ScoringResult> Score(ScoringPlan plan, CancellationToken cancellation = default)
    {
        roots.Require(plan.Data);
        if (plan.Output is { } output) roots.RequireOutput(Path.TrimEndingDirectorySeparator(output), plan.Data);
        while (_scoring is { IsOver: true } over)
        {
            await over.End; // what nobody waits for any more still writes for a moment
            if (_scoring == over) _scoring = null;
        }

        return await (_scoring ??= new(unwanted => Begin(plan, unwanted))).Wait(cancellation);
    }

    public async Task<EvaluationReport> Evaluate(EvaluationPlan plan, CancellationToken cancellation = default)
    {
        roots.Require(plan.Data);
        var evaluation = new ModelEvaluation(await engines.Get(plan.Model, plan.Version), plan, _reading);
        return await DedicatedThread.Once("flowgrain-evaluation", () => evaluation.Run(cancellation));
    }

    public Task<ReadingProgress?> Reading() => Task.FromResult(_reading.Value);

    private async Task<ScoringResult> Begin(ScoringPlan plan, CancellationToken unwanted)
    {
        var engine = await engines.Get(plan.Model, plan.Version);
        using var lanes = new ScoringLanes(engine, silos);
        var scoring = new BulkScoring(lanes, engine.Model, plan with { Version = engine.Model.Version }, storage.Value, _reading, clock);
        try
        {
            return await DedicatedThread.Once("flowgrain-scoring", () => scoring.Run(unwanted));
        }
        finally
        {
            _reading = new LatestProgress();
        }
    }
}
