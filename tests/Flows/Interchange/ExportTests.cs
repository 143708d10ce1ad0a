using FlowGrain.Flows.Interchange;

namespace FlowGrain.Tests.Flows.Interchange;

public sealed class ExportTests
{
    public static TheoryData<string> Flows => PythonFlows.Names;

    [Theory, MemberData(nameof(Flows))]
    public void What_was_imported_is_exported_and_imported_to_the_same_bits(string name)
    {
        var (python, library, spec) = PythonFlows.Of(name);
        var first = FlowImport.Read(library, python.Tensors, spec);
        float[] weights = [.. first.Parameters.Select(value => (float)value)];
        var exported = FlowExport.Write(library, first.Flow, weights);
        var again = FlowImport.Read(library, Dictionary(exported), exported.Spec);
        var rows = ImportTests.RowsOf(python);
        if (!name.Contains("permuted", StringComparison.Ordinal)) Assert.Equal(weights, again.Parameters.Select(value => (float)value)); // zuko's layers have an order of their own in the place of a permutation
        ImportTests.Near(TestFlows.ExactLogDensities(first.Flow, weights, rows), again.LogDensity(rows), 1e-12);
    }

    [Theory, InlineData("nflows: maf, residual"), InlineData("nflows: nsf-ar, given context"), InlineData("zuko: maf"), InlineData("zuko: nsf-ar, given context")]
    public void Every_tensor_comes_back_but_for_what_masks_hide(string name)
    {
        var (python, library, spec) = PythonFlows.Of(name);
        var imported = FlowImport.Read(library, python.Tensors, spec);
        var exported = Dictionary(FlowExport.Write(library, imported.Flow, [.. imported.Parameters.Select(value => (float)value)]));
        Assert.Equal(python.Tensors.Keys.Order(), exported.Keys.Order());
        foreach (var (tensor, before) in python.Tensors)
        {
            var mask = python.Tensors.GetValueOrDefault($"{tensor[..^"weight".Length]}mask");
            Assert.Equal(before.Shape.AsEnumerable(), exported[tensor].Shape);
            Assert.Equal(tensor.EndsWith("weight", StringComparison.Ordinal) && mask is not null ? before.Values.Zip(mask.Values, (value, seen) => value * seen) : before.Values, exported[tensor].Values);
        }
    }

    [Theory]
    [InlineData("nsf", "nflows", 0)]
    [InlineData("nsf", "nflows", 2)]
    [InlineData("nsf-ar", "nflows", 0)]
    [InlineData("realnvp", "nflows", 0)]
    [InlineData("realnvp", "nflows", 2)]
    [InlineData("glow", "nflows", 1)]
    [InlineData("maf", "nflows", 0)]
    [InlineData("maf", "zuko", 0)]
    [InlineData("maf", "zuko", 2)]
    public void A_flow_that_was_trained_here_has_the_same_density_in_Python(string preset, string library, int context)
    {
        var spec = TestFlows.Spec(preset, dimension: 4, context);
        var weights = TestFlows.Weights(spec);
        var rows = TestFlows.Rows(spec, 50);
        var exported = FlowExport.Write(library, spec, weights);
        var imported = FlowImport.Read(library, Dictionary(exported), exported.Spec);
        ImportTests.Near(TestFlows.ExactLogDensities(spec, weights, rows), imported.LogDensity(rows), 1e-9);
    }

    [Theory]
    [InlineData("nice", "nflows", 0, "coupling, is none that nflows has: its map has another parametrisation")]
    [InlineData("realnvp", "zuko", 0, "lu-linear, is none that zuko has")]
    [InlineData("nsf octaves=4", "nflows", 0, "coupling, is none that nflows has: its map has another parametrisation")]
    [InlineData("maf", "nflows", 1, "Transform 1 of the flow, autoregressive, is none that nflows has: its net gives the context to the first column too")]
    [InlineData("nsf-ar", "nflows", 2, "autoregressive, is none that nflows has: its net gives the context to the first column too")]
    [InlineData("planar", "nflows", 0, "planar, is none that nflows has")]
    [InlineData("iaf", "zuko", 0, "Transform 1 of the flow, inverse, is none that zuko has")]
    [InlineData("nsf mapped=1", "nflows", 0, "its columns pass fixed maps of their own")]
    [InlineData("maf missing=1", "zuko", 0, "its rows may lack values")]
    public void A_flow_that_the_library_cannot_express_is_refused_by_its_layer(string kind, string library, int context, string sentence)
    {
        var spec = TestFlows.Spec(kind, dimension: 4, context);
        Assert.Contains(sentence, Assert.Throws<ArgumentException>(() => FlowExport.Write(library, spec, TestFlows.Weights(spec))).Message);
    }

    private static Dictionary<string, StateTensor> Dictionary(ExportedFlow exported) => exported.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Tensor);
}
