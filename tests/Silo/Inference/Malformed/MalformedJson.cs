using System.Text;

namespace FlowGrain.Tests.Silo.Inference.Malformed;

/// <summary>Bodies of inference requests with something wrong; some changes happen to leave a request that is right.</summary>
internal static class MalformedJson
{
    internal const string Good = """{"id":"q","inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","data":[0.5,0.25,-1,2]}],"outputs":[{"name":"log_prob"}]}""";

    private static readonly string[] Sizes =
    [
        "-1", "0", "1", "3", "2.5", "2e0", "1e300", "\"2\"", "null", "true", "[2]", "{}", "2147483648", "4294967296", "4611686018427387904",
        "9223372036854775807", "9223372036854775808", "18446744073709551616", "-9223372036854775808",
    ];

    private static readonly string[] Values =
    [
        "NaN", "Infinity", "-Infinity", "nan", "1e999", "-1e999", "1e-999", "null", "\"1\"", "\"NaN\"", "{}", "[[]]", "true", "0x10", "01", "+1",
        ".5", "1.", "1e", "-", "''", "1,", ",1", "/*0*/1", "99999999999999999999999999", "1_000",
    ];

    private static readonly string[] Texts =
    [
        "", "\u0000", "日本語", "\U0001F600", "\\ud800", "\\udfff\\ud800", "\u202ex", "x\\u0000", "X", "x ", "é", "e\u0301", "../../etc/passwd",
        "%s%n", "'; drop table x; --", "<script>", "\\\"", "\n", "\t", "{0}", "\uFFFE", new string('n', 20_000),
    ];

    private static readonly string[] Types = ["FP99", "fp32", "BYTES", "BF16", "FP16", "FP64", "INT64", "UINT64", "INT8", "BOOL", "STRING", "float", "", " FP32", "FP32\\u0000", "日本"];

    private static readonly string[] Fields = ["name", "shape", "data", "parameters"];

    private static readonly string[] Others = ["null", "{}", "[]", "[null]", "\"x\"", "-1", "1e300", "true", "[[[]]]", "\"\\ud800\""];

    /// <summary>One, and whether its change may have left it right.</summary>
    internal static (byte[] Bytes, bool MayPass) Of(Dice dice)
    {
        var kind = dice.Below(12);
        return (Of(kind, dice), kind is 1 or 3 or 5 or 7 or 11);
    }

    private static byte[] Of(int kind, Dice dice) => kind switch
    {
        0 => Text(Good)[..dice.Below(Good.Length)],
        1 => Flipped(Text(Good), dice),
        2 => Text(Input(shape: Listed(dice.Of(0, 1, 2, 2, 2, 3, 30, 5000), () => dice.Of(Sizes)))),
        3 => Text(Input(data: Listed(4, () => dice.Is(0.5) ? dice.Of(Values) : "1"))),
        4 => Text(Input(name: $"\"{dice.Of(Texts)}\"")),
        5 => Text(Input(datatype: dice.Is(0.8) ? $"\"{dice.Of(Types)}\"" : dice.Of(Others))),
        6 => Text(Deep(dice)),
        7 => Text(Twice(dice)),
        8 => Text(OfAnotherKind(dice)),
        9 => Odd(dice),
        10 => Text(Parameters(dice)),
        _ => Text(Good.Insert(dice.Below(Good.Length), dice.Of("{", "}", "[", "]", ",", ":", "\"", "\\", "\u0000", "é", "null", "//", " "))),
    };

    internal static byte[] Text(string json) => Encoding.UTF8.GetBytes(json);

    private static string Listed(int count, Func<string> item) => $"[{string.Join(',', Enumerable.Range(0, count).Select(_ => item()))}]";

    private static string Parameters(Dice dice)
    {
        var (id, timeout) = (dice.Of("1", "null", "\"\\ud800\"", "[]"), dice.Of("-1", "1.5", "\"soon\"", "null", "1e40", "9223372036854775808"));
        return $$"""{"id":{{id}},"parameters":{"timeout":{{timeout}},"score":{{dice.Of(Others)}},"binary_data_output":{{dice.Of(Others)}}},"inputs":[]}""";
    }

    private static string Input(string name = "\"x\"", string shape = "[2,2]", string datatype = "\"FP32\"", string data = "[1,2,3,4]") =>
        $$"""{"inputs":[{"name":{{name}},"shape":{{shape}},"datatype":{{datatype}},"data":{{data}}}]}""";

    private static byte[] Flipped(byte[] json, Dice dice)
    {
        for (var flips = 1 + dice.Below(4); flips > 0; flips--) json[dice.Below(json.Length)] ^= (byte)(1 << dice.Below(8));
        return json;
    }

    private static string Deep(Dice dice)
    {
        var depth = dice.Of(60, 63, 64, 65, 200, 50_000);
        var (open, close) = dice.Of(("[", "]"), ("{\"a\":", "}"));
        var nest = string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, dice.Is(0.7) ? depth : depth / 2));
        return dice.Below(4) switch
        {
            0 => Input(data: nest),
            1 => Input(shape: nest),
            2 => $$"""{"anything":{{nest}},"inputs":[]}""",
            _ => nest,
        };
    }

    private static string Twice(Dice dice)
    {
        var field = dice.Of(
            "\"name\":\"y\"", "\"name\":\"x\"", "\"shape\":[2,2]", "\"shape\":[1]", "\"datatype\":\"INT64\"", "\"data\":[1,2,3,4]", "\"data\":[]",
            "\"parameters\":{\"binary_data_size\":16}", "\"parameters\":{\"binary_data_size\":-1}");
        var input = $$"""{"name":"x","shape":[2,2],"datatype":"FP32","data":[1,2,3,4],{{field}}}""";
        return dice.Below(3) switch
        {
            0 => $$"""{"inputs":[{{input}}],"inputs":[{{input}}]}""",
            1 => $$"""{"inputs":[{{input}},{{input}}]}""",
            _ => $$"""{"inputs":[{{input}}],"id":"a","id":"b"}""",
        };
    }

    private static string OfAnotherKind(Dice dice) => dice.Below(4) switch
    {
        0 => $$"""{"inputs":{{dice.Of(Others)}}}""",
        1 => $$"""{"inputs":[{{dice.Of(Others)}}]}""",
        2 => $$"""{"inputs":[{"datatype":"FP32",{{string.Join(',', Fields.Select(field => $"\"{field}\":{dice.Of(Others)}"))}}}],"parameters":{{dice.Of(Others)}}}""",
        _ => $$"""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}],"outputs":{{Outputs(dice)}}}""",
    };

    private static string Outputs(Dice dice) => dice.Of(
        "[{\"name\":\"logprob\"}]", "[{\"name\":\"z\",\"parameters\":3}]", "{}", "[1]", "[{}]", "[{\"name\":\"log_prob\",\"parameters\":{\"binary_data\":\"yes\"}}]");

    private static byte[] Odd(Dice dice) => dice.Below(6) switch
    {
        0 => [],
        1 => dice.Bytes(1 + dice.Below(300)),
        2 => Encoding.Unicode.GetBytes(Good),
        3 => [0xEF, 0xBB, 0xBF, .. Text(Good)],
        4 => [.. Text("{\"inputs\":[{\"name\":\""), 0xC3, 0x28, 0xFF, .. Text("\"}]}")],
        _ => Text(dice.Of("null", "[]", "\"inputs\"", "1", "true", "{}{}", "{}x", "\0", " ", "<inputs/>", "x=1&y=2", "{\"inputs\"", "{inputs:[]}", "{'inputs':[]}")),
    };
}
