using FlowGrain.Flows.Interchange;

namespace FlowGrain.Tests.Flows.Interchange;

/// <summary>Flows of Python libraries of every kind that can be imported.</summary>
internal static class PythonFlows
{
    private static readonly Dictionary<string, (string Library, FlowArchitecture Kind, bool? Divided, Func<PythonFlow> Build)> Cases = new()
    {
        ["nflows: maf, residual"] = ("nflows", FlowArchitecture.Maf, null, () => new NflowsModel(4).Permuted().Autoregressive(spline: false).Permuted().Autoregressive(spline: false).Flow),
        ["nflows: maf, residual, given context"] = ("nflows", FlowArchitecture.Maf, null, () => new NflowsModel(4, 2).Permuted().Autoregressive(spline: false).Permuted().Autoregressive(spline: false).Flow),
        ["nflows: maf, plain"] = ("nflows", FlowArchitecture.Maf, null, () => new NflowsModel(6).Permuted().Autoregressive(spline: false, residual: false, blocks: 1).Flow),
        ["nflows: maf, plain, given context"] = ("nflows", FlowArchitecture.Maf, null, () => new NflowsModel(3, 1).Autoregressive(spline: false, residual: false).Flow),
        ["nflows: maf of two columns"] = ("nflows", FlowArchitecture.Maf, null, () => new NflowsModel(2).Permuted().Autoregressive(spline: false).Flow),
        ["nflows: maf, standardised, batch norm between"] = ("nflows", FlowArchitecture.Maf, null, () => new NflowsModel(3).Affine().Permuted().Autoregressive(spline: false).BatchNorm().Permuted().Autoregressive(spline: false).BatchNorm().Flow),
        ["nflows: realnvp"] = ("nflows", FlowArchitecture.RealNvp, null, () => new NflowsModel(5).Coupling(spline: false).BatchNorm().Coupling(spline: false, first: 1).Flow),
        ["nflows: realnvp, given context"] = ("nflows", FlowArchitecture.RealNvp, null, () => new NflowsModel(4, 3).Coupling(spline: false).Coupling(spline: false, first: 1).Flow),
        ["nflows: realnvp, plain"] = ("nflows", FlowArchitecture.RealNvp, null, () => new NflowsModel(5).Coupling(spline: false, residual: false).Flow),
        ["nflows: nsf as in its paper"] = ("nflows", FlowArchitecture.Nsf, null, () => new NflowsModel(5).Permuted().Lu().Coupling(spline: true).Permuted().Lu().Coupling(spline: true).Lu().Flow),
        ["nflows: nsf in composites, given context"] = ("nflows", FlowArchitecture.Nsf, null, () => new NflowsModel(4, 2) { Name = layer => layer == 0 ? "_transform._transforms.0." : $"_transform._transforms.1._transforms.{layer - 1}." }.Affine().ActNorm().Lu().Coupling(spline: true).Flow),
        ["nflows: nsf, plain, logits divided"] = ("nflows", FlowArchitecture.Nsf, true, () => new NflowsModel(4).Coupling(spline: true, residual: false).Flow),
        ["nflows: nsf, plain, logits as they are"] = ("nflows", FlowArchitecture.Nsf, false, () => new NflowsModel(4).Coupling(spline: true, residual: false, divided: false).Flow),
        ["nflows: nsf-ar"] = ("nflows", FlowArchitecture.NsfAr, null, () => new NflowsModel(4).Lu().Autoregressive(spline: true).Lu().Autoregressive(spline: true).Flow),
        ["nflows: nsf-ar, given context"] = ("nflows", FlowArchitecture.NsfAr, null, () => new NflowsModel(3, 2).Permuted().Autoregressive(spline: true).Flow),
        ["zuko: maf"] = ("zuko", FlowArchitecture.Maf, null, () => new ZukoModel(5).Autoregressive(spline: false, [0, 1, 2, 3, 4]).Autoregressive(spline: false, [4, 3, 2, 1, 0]).Flow),
        ["zuko: maf in any order, given context, standardised"] = ("zuko", FlowArchitecture.Maf, null, () => new ZukoModel(4, 2).Affine().Autoregressive(spline: false, [2, 0, 3, 1]).Autoregressive(spline: false, [1, 2, 3, 0]).Flow),
        ["zuko: realnvp"] = ("zuko", FlowArchitecture.RealNvp, null, () => new ZukoModel(5).Coupling(spline: false).Coupling(spline: false, first: 1).Flow),
        ["zuko: realnvp, given context, permuted"] = ("zuko", FlowArchitecture.RealNvp, null, () => new ZukoModel(4, 1).Coupling(spline: false).Permuted().Coupling(spline: false, first: 1).Flow),
        ["zuko: nsf"] = ("zuko", FlowArchitecture.Nsf, null, () => new ZukoModel(4).Coupling(spline: true).Coupling(spline: true, first: 1).Flow),
        ["zuko: nsf of two passes"] = ("zuko", FlowArchitecture.Nsf, null, () => new ZukoModel(5).Autoregressive(spline: true, [0, 0, 0, 1, 1]).Autoregressive(spline: true, [1, 1, 0, 0, 0]).Flow),
        ["zuko: nsf-ar"] = ("zuko", FlowArchitecture.NsfAr, null, () => new ZukoModel(3).Autoregressive(spline: true, [0, 1, 2]).Autoregressive(spline: true, [2, 1, 0]).Flow),
        ["zuko: nsf-ar, given context"] = ("zuko", FlowArchitecture.NsfAr, null, () => new ZukoModel(3, 2).Autoregressive(spline: true, [1, 0, 2]).Flow),
    };

    internal static TheoryData<string> Names => [.. Cases.Keys];

    /// <summary>The flow, the library, and what its state dict does not say.</summary>
    internal static (PythonFlow Flow, string Library, StateDictSpec Spec) Of(string name)
    {
        var (library, kind, divided, build) = Cases[name];
        var flow = build();
        return (flow, library, Spec(flow, kind) with { DividedLogits = divided });
    }

    internal static StateDictSpec Spec(PythonFlow flow, FlowArchitecture kind) => new()
    {
        Architecture = kind,
        Columns = [.. Enumerable.Range(0, flow.Columns).Select(column => $"x{column}")],
        Context = [.. Enumerable.Range(0, flow.Context).Select(column => $"c{column}")],
        TailBound = kind is FlowArchitecture.Nsf or FlowArchitecture.NsfAr ? NflowsModel.Bound : null,
    };
}
