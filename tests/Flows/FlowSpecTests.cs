using System.Text;
using FlowGrain.Flows;
using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.ScalarMaps;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Tests.Flows;

public sealed class FlowSpecTests
{
    /// <summary>Format 1 with every type that it knows. Never edit it: models on disk look like this.</summary>
    private const string Format1 =
        """{"format":1,"preset":"by hand","columns":["a","b","c"],"context":["t"],"contextScaling":{"shift":[0.5],"scale":[2]},"transforms":[""" +
        """{"type":"standardize","shift":[1,-2.5,1E+30],"scale":[0.1,3,1E-07]},{"type":"permute","order":[2,0,1]},{"type":"lu-linear"},""" +
        """{"type":"coupling","transformed":[0,2],"map":{"type":"rational-quadratic","bins":8,"bound":3.25},"conditioner":{"type":"residual","hidden":16,"blocks":2}},""" +
        """{"type":"coupling","transformed":[1],"map":{"type":"affine"},"conditioner":{"type":"mlp","hidden":4,"layers":2}},""" +
        """{"type":"coupling","transformed":[0,1,2],"map":{"type":"additive"},"conditioner":{"type":"constant"}}],"base":{"type":"standard-normal"},"seed":-3}""";

    private const string Format1Hash = "2636773a4e5b9c15310ac000f014a27a1af86f840a4bbf043fa07122d6e8554b";

    /// <summary>What later versions of the program added to format 1. Never edit it either.</summary>
    private const string Format1Autoregressive =
        """{"format":1,"preset":"by hand","columns":["a","b"],"context":[],"transforms":[{"type":"standardize","shift":[0,0],"scale":[1,2]},""" +
        """{"type":"autoregressive","map":{"type":"affine"},"conditioner":{"type":"mlp","hidden":4,"layers":2}},""" +
        """{"type":"inverse","transform":{"type":"autoregressive","map":{"type":"additive"},"conditioner":{"type":"residual","hidden":3,"blocks":1}}}""" +
        """],"base":{"type":"standard-normal"},"seed":5}""";

    private const string Format1AutoregressiveHash = "5c2138f8aa9c7f74f368cd0363fc1b255ba7be96a1fc918cef8986ccf8261af6";

    [Fact]
    public void Autoregressive_and_inverse_transforms_are_read_and_written_as_they_were()
    {
        var spec = Read(Format1Autoregressive);
        Assert.Equal(Format1Autoregressive, Encoding.UTF8.GetString(FlowSpecJson.Write(spec)));
        Assert.Equal(Format1AutoregressiveHash, spec.Hash());
    }

    [Fact]
    public void Format_1_is_read_and_written_as_it_was()
    {
        var spec = Read(Format1);
        Assert.Equal(Format1, Encoding.UTF8.GetString(FlowSpecJson.Write(spec)));
        Assert.Equal(Format1Hash, spec.Hash());
        Assert.Equal(new RationalQuadraticSpec(8, 3.25), ((CouplingSpec)spec.Transforms[3]).Map);
    }

    [Theory, InlineData("nice"), InlineData("realnvp"), InlineData("nsf"), InlineData("maf"), InlineData("iaf"), InlineData("nsf-ar")]
    public void A_spec_survives_its_json(string preset)
    {
        var spec = TestFlows.Spec(preset, dimension: 4, context: 2);
        Assert.Equal(spec.Hash(), FlowSpecJson.Read(FlowSpecJson.Write(spec)).Hash());
        Assert.Equal(spec.Hash(), FlowSpecJson.Read(FlowSpecJson.WriteIndented(spec)).Hash());
        Assert.Equal(spec.Columns, FlowSpecJson.Read(FlowSpecJson.Write(spec)).Columns);
    }

    [Fact]
    public void Names_do_not_enter_the_hash()
    {
        var spec = Read(Format1);
        Assert.Equal(spec.Hash(), (spec with { Preset = "other", Columns = ["x", "y", "z"], Context = ["u"] }).Hash());
    }

    [Fact]
    public void Whatever_decides_bits_enters_the_hash()
    {
        var spec = Read(Format1);
        FlowSpec[] others =
        [
            spec with { Seed = 4 },
            spec with { ContextScaling = new StandardizeSpec([0.5], [2.0000000000000004]) },
            spec with { Transforms = spec.Transforms.SetItem(1, new PermuteSpec([0, 2, 1])) },
            spec with { Transforms = spec.Transforms.SetItem(4, new CouplingSpec([1], new AffineSpec(), new MlpSpec(4, 3))) },
        ];
        Assert.Equal(5, others.Append(spec).Select(other => other.Hash()).Distinct().Count());
    }

    [Theory]
    [InlineData("\"type\":\"permute\"", "\"type\":\"shuffle\"", "shuffle")]
    [InlineData("\"format\":1", "\"format\":2", "format 2")]
    [InlineData("\"format\":1", "\"format\":0", "format 0")]
    [InlineData("\"seed\":-3", "\"seed\":-3,\"colour\":1", "colour")]
    [InlineData("\"hidden\":16,", "\"hidden\":16,\"width\":16,", "width")]
    [InlineData("\"hidden\":16,", "", "hidden")]
    [InlineData(",\"scale\":[0.1,3,1E-07]", "", "scale")]
    [InlineData(",\"order\":[2,0,1]", "", "order")]
    [InlineData("\"map\":{\"type\":\"affine\"},", "", "map")]
    [InlineData("{\"type\":\"lu-linear\"}", "null", "Transform 2")]
    [InlineData("{\"type\":\"lu-linear\"}", "{}", "TransformSpec")]
    [InlineData("{\"type\":\"lu-linear\"}", "{\"type\":\"inverse\",\"transform\":null}", "transform")]
    [InlineData("{\"type\":\"lu-linear\"}", "{\"type\":\"inverse\"}", "transform")]
    [InlineData("\"order\":[2,0,1]", "\"order\":null", "order")]
    [InlineData("[\"a\",\"b\",\"c\"]", "[\"a\",null,\"c\"]", "names")]
    [InlineData("\"seed\":-3}", "\"seed\":-3", "format 1")]
    [InlineData("\"seed\":-3", "\"seed\":\"-3\"", "seed")]
    public void What_this_program_does_not_know_is_refused_with_a_sentence(string text, string instead, string about)
    {
        Assert.Contains(text, Format1);
        var error = Assert.ThrowsAny<ArgumentException>(() => Read(Format1.Replace(text, instead)));
        Assert.Contains(about, error.Message);
    }

    [Theory, InlineData(""), InlineData("null"), InlineData("[]"), InlineData("\u0000\u0001"), InlineData("{}")]
    public void What_is_no_spec_at_all_is_refused_with_a_sentence(string json) => Assert.Throws<ArgumentException>(() => Read(json));

    [Fact]
    public void All_that_is_wrong_is_said_at_once()
    {
        var spec = Read(Format1);
        var wrong = spec with
        {
            ContextScaling = new StandardizeSpec([0, 0], [1, 1]),
            Transforms =
            [
                new StandardizeSpec([0, double.NaN, 0], [1, 0, 1]),
                new PermuteSpec([0, 0, 1]),
                new CouplingSpec([2, 1], new RationalQuadraticSpec(1, -3), new MlpSpec(0, 0)),
                new InverseSpec(new AutoregressiveSpec(new RationalQuadraticSpec(0, 3), new ResidualNetSpec(2, 1))),
            ],
        };
        var sentences = Assert.Throws<ArgumentException>(wrong.Validated).Message;
        Assert.All(
            ["contextScaling: standardize has 2", "Transform 0: standardize needs finite", "Transform 1: permute", "Transform 2: coupling", "Transform 2: rational-quadratic has 1 bins", "has bound -3", "Transform 2: mlp has 0 layers", "Transform 3: rational-quadratic has 0 bins", "Transform 3: residual has 2 hidden units"],
            sentence => Assert.Contains(sentence, sentences));
    }

    [Fact]
    public void A_flow_without_standardisation_or_columns_cannot_be_built()
    {
        var spec = Read(Format1);
        Assert.Contains("'standardize'", Assert.Throws<ArgumentException>((spec with { Transforms = [new LuLinearSpec()] }).Validated).Message);
        Assert.Contains("no columns", Assert.Throws<ArgumentException>((spec with { Columns = [] }).Validated).Message);
    }

    [Fact]
    public void A_flow_with_context_needs_its_scaling() =>
        Assert.Contains("contextScaling", Assert.Throws<ArgumentException>((Read(Format1) with { ContextScaling = null }).Validated).Message);

    private static FlowSpec Read(string json) => FlowSpecJson.Read(Encoding.UTF8.GetBytes(json));
}
