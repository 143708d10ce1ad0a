using System.Runtime.InteropServices;
using FlowGrain.Flows;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Optimization;
using static TorchSharp.torch;

namespace FlowGrain.Tests.Flows.Oracle;

/// <summary>Flows of Python libraries, imported, give what the libraries gave: to 1e-9 in float64.</summary>
public sealed class ReferenceFlows
{
    private const double Tolerance = 1e-9;
    private const double DrawTolerance = 1e-7; // an inverse is as ill-conditioned as the flow is steep
    private const int Steps = 5;
    private const double Rate = 1e-3;

    public static TheoryData<string> Files => ReferenceFile.Names;

    [Theory, MemberData(nameof(Files))]
    public void Density_latents_and_log_determinants_are_the_same(string name)
    {
        var file = ReferenceFile.Open(name);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var flow = Build(file);
        var (z, logDet) = flow.Normalize(X(file));
        Near(file["z"], z, "z");
        Near(file["logdet"], logDet, "log-determinant");
        Near(file["log_prob"], flow.LogProb(X(file)), "log-density");
    }

    [Theory, MemberData(nameof(Files))]
    public void Every_layer_is_the_same(string name)
    {
        var file = ReferenceFile.Open(name);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var flow = Build(file);
        var (x, first) = (X(file), 1);
        foreach (var (layer, end) in file.Imported.LayerEnds.Index())
        {
            var logDet = zeros(x.shape[0], ScalarType.Float64);
            for (var i = first; i < end; i++)
            {
                var step = flow.Spec.Transforms[i].Build(flow.Parameters.In($"{i}"), flow.Spec.Shape(), ScalarType.Float64).Normalize(x);
                (x, logDet) = (step.Value, logDet.Plus(step.LogDet));
            }

            first = end;
            Near(file[$"layer{layer}.y"], x, $"layer {layer}");
            Near(file[$"layer{layer}.logdet"], logDet, $"log-determinant of layer {layer}");
        }
    }

    [Theory, MemberData(nameof(Files))]
    public void Draws_are_the_same(string name)
    {
        var file = ReferenceFile.Open(name);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var flow = Build(file);
        Near(file["x_from_base_z"], flow.Generate(Matrix(file, "base_z")).Value, "x of a draw", DrawTolerance);
        Near(file["x_roundtrip"], flow.Generate(Matrix(file, "z")).Value, "x on its way back", DrawTolerance);
    }

    [Theory, MemberData(nameof(Files))]
    public void Gradients_are_the_same(string name)
    {
        var file = ReferenceFile.Open(name);
        using var scope = NewDisposeScope();
        using var flow = Build(file);
        Assert.Equal(file["loss"][0], Loss(flow, file), Tolerance);
        foreach (var link in file.Imported.Tensors.Links) Near(file[$"grad.{link.Name}"], link.Export(Doubles(flow.Parameters.Gradient)), $"gradient of {link.Name}");
    }

    [Theory, MemberData(nameof(Files))]
    public void Five_steps_of_Adam_are_the_same(string name)
    {
        var file = ReferenceFile.Open(name);
        using var scope = NewDisposeScope();
        using var flow = Build(file);
        var (adam, count) = (new AdamW(new AdamWOptions()), flow.Parameters.Layout.Count);
        var (first, second, average) = (new double[count], new double[count], new double[count]);
        for (var step = 1; step <= Steps; step++)
        {
            Assert.Equal(file["adam5.losses"][step - 1], Loss(flow, file), Tolerance);
            adam.Step(new OptimizerState<double>(Doubles(flow.Parameters.Values), first, second, average), Doubles(flow.Parameters.Gradient), gradientScale: 1, Rate, averageDecay: 0, step);
        }

        foreach (var link in file.Imported.Tensors.Links)
        {
            var (expected, before, after) = (file[$"adam5.{link.Name}"], file[$"sd.{link.Name}"], link.Export(Doubles(flow.Parameters.Values)));
            for (var i = 0; i < after.Length; i++) if (link.Places[i] < 0) after[i] = before[i]; // behind a mask nothing moves
            Near(expected, after, link.Name);
        }
    }

    /// <summary>−mean(log p) and, in the flow's buffer, its gradient.</summary>
    private static double Loss(Flow flow, ReferenceFile file)
    {
        using var scope = NewDisposeScope();
        Doubles(flow.Parameters.Gradient).Clear();
        var loss = -flow.LogProb(X(file)).mean();
        loss.backward();
        return loss.Item<double>();
    }

    private static Flow Build(ReferenceFile file)
    {
        var flow = Flow.Build(file.Imported.Flow, ScalarType.Float64);
        file.Imported.Parameters.CopyTo(Doubles(flow.Parameters.Values));
        return flow;
    }

    private static Tensor X(ReferenceFile file) => Matrix(file, "x");

    private static Tensor Matrix(ReferenceFile file, string name) => tensor(file[name]).view(-1, file.Imported.Flow.Columns.Length);

    private static Span<double> Doubles(Tensor values) => MemoryMarshal.Cast<byte, double>(values.bytes);

    private static void Near(double[] expected, Tensor actual, string what, double tolerance = Tolerance) => Near(expected, actual.contiguous().data<double>().ToArray(), what, tolerance);

    private static void Near(double[] expected, double[] actual, string what, double tolerance = Tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        var worst = expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max();
        Assert.True(worst < tolerance, $"{what} is off by {worst:g3}");
    }
}
