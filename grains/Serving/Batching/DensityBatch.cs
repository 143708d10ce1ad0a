using FlowGrain.Flows.Engines;

namespace FlowGrain.Serving;

/// <summary>Requests whose rows are computed together, and the answers apart again.</summary>
internal sealed class DensityBatch(ModelEngine engine, IFlowEngine flow)
{
    private readonly List<DensityRequest> _requests = [];

    /// <summary>Those in it.</summary>
    internal IReadOnlyList<DensityRequest> Requests => _requests;

    /// <summary>Their rows.</summary>
    internal int Rows { get; private set; }

    /// <summary>Takes one more.</summary>
    internal void Add(DensityRequest request)
    {
        _requests.Add(request);
        Rows += request.Count;
    }

    /// <summary>Answers all of them; a fault is that of each.</summary>
    internal void Compute()
    {
        try
        {
            var densities = engine.LogDensity(flow, Together(), _requests.Exists(request => request.WantsLatent));
            Answer(densities);
        }
        catch (Exception fault)
        {
            foreach (var request in _requests) request.Fail(fault);
        }
    }

    private ReadOnlySpan<double> Together()
    {
        if (_requests is [var only]) return only.Rows.Span;
        var (rows, at) = (new double[Rows * engine.Width], 0);
        foreach (var request in _requests)
        {
            request.Rows.Span.CopyTo(rows.AsSpan(at));
            at += request.Rows.Length;
        }

        return rows;
    }

    private void Answer(Densities all)
    {
        var (at, width) = (0, engine.Encoder.FlowDimension);
        foreach (var request in _requests)
        {
            var scores = new Block<float>(all.LogDensity.Values.Slice(at, request.Count));
            var latent = request.WantsLatent ? new Block<float>(all.Latent!.Values.Slice(at * width, request.Count * width)) : null;
            at += request.Count;
            request.Complete(new Densities(scores, latent));
        }
    }
}
