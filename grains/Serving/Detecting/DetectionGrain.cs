using FlowGrain.Cluster;
using FlowGrain.Data;

namespace FlowGrain.Serving;

/// <inheritdoc cref="IDetectionGrain" />
[OnStayingSilo]
internal sealed class DetectionGrain(ModelEngines engines, ScoringSilos silos, DataRoots roots, TimeProvider clock) : Grain, IDetectionGrain
{
    private LatestProgress _reading = new();
    private SharedWork<DetectionResult>? _detection;

    public async Task<DetectionResult> Detect(DetectionPlan plan, CancellationToken cancellation = default)
    {
        roots.Require(plan.Data);
        if (plan.Reference is { } reference) roots.Require(reference);
        if (plan.Output is { } output)
        {
            roots.RequireOutput(output, plan.Data);
            if (plan.Reference is { } input) roots.RequireOutput(output, input);
        }

        while (_detection is { IsOver: true } over)
        {
            await over.End; // what nobody waits for any more still writes for a moment
            if (_detection == over) _detection = null;
        }

        return await (_detection ??= new(unwanted => Begin(plan, unwanted))).Wait(cancellation);
    }

    public Task<ReadingProgress?> Reading() => Task.FromResult(_reading.Value);

    private async Task<DetectionResult> Begin(DetectionPlan plan, CancellationToken unwanted)
    {
        var engine = await engines.Get(plan.Model, plan.Version);
        using var lanes = new ScoringLanes(engine, silos);
        var detection = new Detection(lanes, engine, plan, _reading, clock);
        try
        {
            return await DedicatedThread.Once("flowgrain-detection", () => detection.Run(unwanted));
        }
        finally
        {
            _reading = new LatestProgress();
        }
    }
}
