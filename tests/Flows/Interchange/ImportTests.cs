using FlowGrain.Flows;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Interchange;
using FlowGrain.Flows.Numerics;

namespace FlowGrain.Tests.Flows.Interchange;

public sealed class ImportTests
{
    private const int Rows = 40;

    public static TheoryData<string> Flows => PythonFlows.Names;

    [Theory, MemberData(nameof(Flows))]
    public void An_imported_flow_gives_the_log_densities_that_it_had_in_Python(string name)
    {
        var (python, library, spec) = PythonFlows.Of(name);
        var rows = RowsOf(python);
        Near(Expected(python, rows), FlowImport.Read(library, python.Tensors, spec).LogDensity(rows));
    }

    [Fact]
    public void What_Python_standardised_before_the_flow_is_part_of_the_imported_one()
    {
        var (python, library, spec) = PythonFlows.Of("nflows: nsf in composites, given context");
        double[] shift = [3, -10, 0.5, 1e4], scale = [2, 0.1, 1, 50];
        var imported = FlowImport.Read(library, python.Tensors, spec with { Standardize = new([.. shift], [.. scale]), ContextScaling = new([1, 2], [0.5, 4]) });
        var (inner, rows) = (RowsOf(python), RowsOf(python));
        for (var i = 0; i < rows.Length; i++) rows[i] = i % 6 < 4 ? shift[i % 6] + scale[i % 6] * inner[i] : i % 6 == 4 ? 1 + 0.5 * inner[i] : 2 + 4 * inner[i];
        Near([.. Expected(python, inner).Select(score => score - scale.Sum(Math.Log))], imported.LogDensity(rows), 1e-7); // a shift of 10⁴ costs four digits
    }

    [Fact]
    public void Rows_that_Python_gave_other_log_densities_refuse_the_import()
    {
        var (python, library, spec) = PythonFlows.Of("zuko: maf");
        var rows = RowsOf(python)[..10];
        var right = new StateDictProof([[.. rows[..5]], [.. rows[5..]]], [.. Expected(python, rows)]);
        FlowImport.Read(library, python.Tensors, spec with { Proof = right });
        var error = Assert.Throws<ArgumentException>(() => FlowImport.Read(library, python.Tensors, spec with { Proof = right with { LogProb = right.LogProb.SetItem(1, right.LogProb[1] + 0.1) } }));
        Assert.Contains("Row 1 of 'proof'", error.Message);
        Assert.Contains("ReLU", error.Message);
    }

    [Fact]
    public void Every_tensor_in_the_way_is_named_at_once()
    {
        var (python, library, spec) = PythonFlows.Of("nflows: maf, residual");
        const string Net = "_transform._transforms.1.autoregressive_net.";
        python.Tensors.Remove($"{Net}blocks.0.linear_layers.1.bias");
        python.Tensors[$"{Net}blocks.1.linear_layers.0.weight"] = new StateTensor(StateType.Float32, [8, 7], new double[56]);
        python.Tensors[$"{Net}blocks.0.batch_norm_layers.0.weight"] = new StateTensor(StateType.Float32, [8], new double[8]);
        python.Tensors[$"{Net}final_layer.weight"].Values[3] = double.NaN;
        python.Tensors[$"{Net}initial_layer.mask"].Values[0] = 0;
        python.Tensors["_embedding_net.0.weight"] = new StateTensor(StateType.Float32, [], [1]);
        AssertNamed(
            Assert.Throws<ArgumentException>(() => FlowImport.Read(library, python.Tensors, spec)).Message,
            $"'{Net}blocks.0.linear_layers.1.bias' is missing", $"'{Net}blocks.1.linear_layers.0.weight' has the shape [8, 7] where [8, 8]", "What can be imported has no tensor",
            $"'{Net}final_layer.weight' has a number that is not finite", $"'{Net}initial_layer.mask' is of another order", $"'{Net}blocks.0.batch_norm_layers.0.weight', '_embedding_net.0.weight'.");
    }

    [Theory]
    [InlineData("nflows: nsf as in its paper", "_transform._transforms.1.unconstrained_upper_diag", "no tensor '_transform._transforms.1.lower_entries', '_transform._transforms.1.upper_entries', '_transform._transforms.1.bias'.")] // so that nothing known is left of the layer
    [InlineData("nflows: realnvp", "_transform._transforms.0.transform_features", "'_transform._transforms.0.transform_features' is missing")]
    [InlineData("nflows: realnvp", "_transform._transforms.1.running_var", "'_transform._transforms.1.running_var' is missing")]
    [InlineData("zuko: maf", "transform.transforms.0.order", "'transform.transforms.0.order' is missing")]
    [InlineData("zuko: maf", "transform.transforms.1.hyper.2.weight", "'transform.transforms.1.hyper.2.weight' is missing")]
    [InlineData("zuko: nsf", "base.scale", "'base.scale' is missing")]
    public void A_tensor_that_is_missing_is_named(string name, string tensor, string sentence)
    {
        var (python, library, spec) = PythonFlows.Of(name);
        Assert.True(python.Tensors.Remove(tensor));
        Assert.Contains(sentence, Assert.Throws<ArgumentException>(() => FlowImport.Read(library, python.Tensors, spec)).Message);
    }

    [Theory]
    [InlineData("zuko: maf", FlowArchitecture.NsfAr, "'transform.transforms.0.hyper.4.weight' has 10 rows, and nsf-ar needs 3K − 1 for K bins for each of 5 columns")]
    [InlineData("nflows: nsf-ar", FlowArchitecture.Maf, "'_transform._transforms.1.autoregressive_net.final_layer.weight' has 56 rows, and maf needs 2 for each of 4 columns")]
    [InlineData("zuko: nsf", FlowArchitecture.NsfAr, "Tensors 'transform.transforms.0.*' are of a coupling layer, and nsf-ar has autoregressive ones.")]
    [InlineData("nflows: maf, plain", FlowArchitecture.RealNvp, "Tensors '_transform._transforms.1.*' are of an autoregressive layer, and realnvp has coupling ones.")]
    [InlineData("nflows: nsf, plain, logits divided", FlowArchitecture.Nsf, "'dividedLogits' must say")]
    public void A_state_dict_of_another_flow_than_its_description_says_is_refused(string name, FlowArchitecture kind, string sentence)
    {
        var (python, library, _) = PythonFlows.Of(name);
        Assert.Contains(sentence, Assert.Throws<ArgumentException>(() => FlowImport.Read(library, python.Tensors, PythonFlows.Spec(python, kind))).Message);
    }

    [Fact]
    public void A_file_of_another_library_is_refused_in_one_sentence()
    {
        var (python, _, spec) = PythonFlows.Of("nflows: maf, plain");
        Assert.Equal("The file has no tensors of a zuko flow, whose names begin with 'transform.'.", Assert.Throws<ArgumentException>(() => FlowImport.Read("zuko", python.Tensors, spec)).Message);
    }

    [Fact]
    public void Fewer_passes_than_columns_and_a_base_of_its_own_are_refused_by_their_tensors()
    {
        var (python, library, spec) = PythonFlows.Of("zuko: nsf-ar");
        python.Tensors["transform.transforms.0.order"] = new StateTensor(StateType.Int64, [3], [0, 0, 2]);
        python.Tensors["base.loc"] = new StateTensor(StateType.Float32, [3], [0, 0, 1]);
        AssertNamed(Assert.Throws<ArgumentException>(() => FlowImport.Read(library, python.Tensors, spec)).Message, "'transform.transforms.0.order' is no order of 3 columns", "'base.loc' is not that of a standard normal");
    }

    [Theory]
    [InlineData("""{"architecture":"maf"}""", "columns")]
    [InlineData("""{"architecture":"glow","columns":["a"]}""", "architecture")]
    [InlineData("""{"architecture":"nsf","columns":["a","b"]}""", "'tailBound' must say where the splines end")]
    [InlineData("""{"architecture":"maf","columns":["a","b"],"tailBound":3}""", "'tailBound' is of splines")]
    [InlineData("""{"architecture":"maf","columns":["a","b"],"context":["a"]}""", "name 'a' twice")]
    [InlineData("""{"architecture":"maf","columns":["a","b"],"standardize":{"shift":[0],"scale":[1]}}""", "'standardize': standardize has 1 shifts and 1 scales for 2 columns")]
    [InlineData("""{"architecture":"nsf","columns":["a","b"],"tailBound":3,"slope":0.1}""", "'slope' is 0.1")]
    [InlineData("""{"architecture":"maf","columns":["a","b"],"hidden":64}""", "hidden")]
    public void A_description_that_cannot_be_used_is_refused_with_what_is_wrong(string json, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<ArgumentException>(() => StateDictSpec.Read(System.Text.Encoding.UTF8.GetBytes(json))).Message);

    [Theory, InlineData("nflows: maf, residual"), InlineData("nflows: nsf as in its paper"), InlineData("zuko: maf"), InlineData("zuko: nsf")]
    public void Kernels_leave_another_parametrisation_than_ours_to_torch(string name)
    {
        var (python, library, spec) = PythonFlows.Of(name);
        var flow = FlowImport.Read(library, python.Tensors, spec).Flow;
        Assert.False(KernelEngine.Runs(flow));
        using var engine = FlowEngines.Create(flow);
        Assert.IsType<TorchEngine>(engine);
    }

    [Theory, MemberData(nameof(Flows))]
    public void An_imported_flow_survives_its_json(string name)
    {
        var (python, library, spec) = PythonFlows.Of(name);
        var flow = FlowImport.Read(library, python.Tensors, spec).Flow;
        Assert.Equal(flow.Hash(), FlowSpecJson.Read(FlowSpecJson.Write(flow)).Hash());
    }

    internal static double[] RowsOf(PythonFlow python)
    {
        var (random, width) = (new CounterRandom(5, "rows"), python.Columns + python.Context);
        return [.. Enumerable.Range(0, Rows * width).Select(i => 1.5 * random.Normal(i))];
    }

    internal static double[] Expected(PythonFlow python, double[] rows)
    {
        var (d, width) = (python.Columns, python.Columns + python.Context);
        return [.. Enumerable.Range(0, rows.Length / width).Select(row => python.LogProb([.. rows.AsSpan(row * width, d)], [.. rows.AsSpan(row * width + d, width - d)]))];
    }

    internal static void Near(double[] expected, double[] actual, double tolerance = 1e-9)
    {
        Assert.Equal(expected.Length, actual.Length);
        var worst = expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max();
        Assert.True(worst < tolerance, $"off by {worst:g3} nats");
    }

    private static void AssertNamed(string message, params string[] sentences) => Assert.All(sentences, sentence => Assert.Contains(sentence, message));
}
