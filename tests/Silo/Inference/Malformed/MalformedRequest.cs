using System.IO.Compression;
using System.Text;

namespace FlowGrain.Tests.Silo.Inference.Malformed;

/// <summary>A request with something wrong, as bytes on a connection.</summary>
/// <param name="Bytes">All that is sent.</param>
/// <param name="IsCut">Whether less is sent than is announced, so that there may be no answer.</param>
/// <param name="IsHttp">Whether it is HTTP at all; what is not is answered by a status alone.</param>
/// <param name="MayPass">Whether the change may have left it right; whatever else is answered was not looked at.</param>
internal sealed record MalformedRequest(byte[] Bytes, bool IsCut = false, bool IsHttp = true, bool MayPass = false)
{
    private const int BombMegabytes = 40; // beyond what a body may unpack to
    private const string Whole = "16"; // bytes, as many as a tensor of two rows has
    private const string Infer = "/v2/models/m/infer", Index = "/v2/repository/index";
    private const string Nothing = "0"; // bytes of JSON: the body is the only input

    private static readonly byte[] GzipBomb = Packed("gzip", Bomb());
    private static readonly byte[] DeflateBomb = Packed("deflate", Bomb());
    private static readonly byte[] BrotliBomb = Packed("br", Bomb());
    private static readonly string[] Models = ["m", "m", "m", "given", "m.sample", "m.detect", "given.sample", "m/versions/1"];

    /// <summary>That of a seed and a number.</summary>
    internal static MalformedRequest Of(long seed, long number)
    {
        var dice = new Dice(seed, number);
        return dice.Below(10) switch
        {
            0 or 1 or 2 or 3 => Json(dice),
            4 or 5 => Binary(dice),
            6 => PackedBody(dice),
            7 => Elsewhere(dice),
            8 => Framing(dice),
            _ => Headers(dice),
        };
    }

    private static MalformedRequest Json(Dice dice)
    {
        var (model, (body, mayPass)) = (dice.Of(Models), MalformedJson.Of(dice));
        return Post(model, body, mayPass);
    }

    private static MalformedRequest Post(string model, byte[] body, bool mayPass, string headers = "") =>
        new([.. Head($"POST /v2/models/{model}/infer HTTP/1.1", $"{headers}Content-Length: {body.Length}\r\n"), .. body], MayPass: mayPass);

    private static byte[] Head(string line, string headers) => Encoding.Latin1.GetBytes($"{line}\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n");

    /// <summary>JSON with tensors behind it: sizes, lengths and bytes that do not go together.</summary>
    private static MalformedRequest Binary(Dice dice)
    {
        var tail = dice.Bytes(dice.Of(0, 1, 15, 16, 16, 16, 17, 4096));
        var size = dice.Of(Whole, Whole, "-1", "0", "15", "17", "4294967296", "9223372036854775807", "1e3", "2.5", "\"16\"", "null", "[]", "true", "99999999999999999999");
        var shape = dice.Of("[2,2]", "[2,2]", "[1,2]", "[4294967296,4294967296]", "[2,-2]", "[0,2]", "[9223372036854775807,2]", "[]", "[4]");
        var data = dice.Is(0.1) ? ",\"data\":[1,2,3,4]" : "";
        var datatype = dice.Of("FP32", "FP32", "FP64", "INT64", "BYTES", "FP16", "BOOL");
        var json = MalformedJson.Text($$"""{"inputs":[{"name":"x","shape":{{shape}},"datatype":"{{datatype}}","parameters":{"binary_data_size":{{size}}}{{data}}}]}""");
        var length = dice.Of(
            $"{json.Length}", $"{json.Length}", $"{json.Length - 1}", $"{json.Length + 1}", Nothing, "-1", "1", $"{json.Length + tail.Length + 1}", "9223372036854775808",
            "-9223372036854775808", "abc", "1e2", " ", "0x10", "+5", $"{json.Length}, {json.Length}", "２");
        var mayPass = length == Nothing || (length == $"{json.Length}" && size == Whole);
        return Post(dice.Of(Models), [.. json, .. tail], mayPass, $"Content-Type: application/octet-stream\r\nInference-Header-Content-Length: {length}\r\n");
    }

    /// <summary>Bombs, damage, and encodings that are none.</summary>
    private static MalformedRequest PackedBody(Dice dice)
    {
        var (encoding, kind, json) = (dice.Of("gzip", "deflate", "br"), dice.Below(8), MalformedJson.Of(dice));
        var body = kind switch
        {
            0 => encoding switch { "gzip" => GzipBomb, "deflate" => DeflateBomb, _ => BrotliBomb },
            1 => Packed(encoding, MalformedJson.Text(MalformedJson.Good)) is var whole ? whole[..dice.Below(whole.Length)] : [],
            2 or 3 => Damaged(Packed(encoding, MalformedJson.Text(MalformedJson.Good)), dice),
            4 => dice.Bytes(dice.Below(200)),
            5 => MalformedJson.Text(MalformedJson.Good), // not packed at all
            6 => Packed(encoding, Packed(encoding, MalformedJson.Text(MalformedJson.Good))),
            _ => Packed(encoding, json.Bytes),
        };
        var told = dice.Is(0.1) ? dice.Of("zip", "gzip, gzip", "identity", "", "GZIP", "gzip;q=1", "日本") : encoding;
        return Post(dice.Of(Models), body, mayPass: kind is 1 or 2 or 3 or 5 or 6 || (kind == 7 && json.MayPass), $"Content-Encoding: {told}\r\n");
    }

    /// <summary>Other methods, other paths.</summary>
    private static MalformedRequest Elsewhere(Dice dice)
    {
        var method = dice.Of("GET", "PUT", "DELETE", "PATCH", "OPTIONS", "post", "FOO", "TRACE", "POST", "POST");
        var path = dice.Of(
            Infer, "/v2/models/m/versions/99999999999999999999/infer", "/v2/models/m/versions/-1/infer", "/v2/models/m/versions/1.5/infer", "/v2/models/%E6%97%A5%E6%9C%AC/infer",
            "/v2/models/%00/infer", "/v2/models/..%2f..%2fetc%2fpasswd/infer", "/v2/models/%ff%fe/infer", "/v2/models/%zz/infer", "/v2/models/.sample/infer",
            "/v2/models/m.sample.sample/infer", $"/v2/models/{new string('a', 3000)}/infer", "/v2/models//infer", "/v2/models/m/versions//infer", Index,
            "/v2/repository/models/%F0%9F%98%80/load", "/v2/repository/models/nobody/unload", "/v2/models/nobody/stats", "/v2/nothing", "/v2/models/m%2Finfer", "/v2/models/M/infer",
            "/v2/models/m\u001b/infer", "/v2/models/con/infer");
        var (body, mayPass) = dice.Is(0.5)
            ? MalformedJson.Of(dice)
            : (MalformedJson.Text(dice.Of("{\"ready\":3}", "{\"ready\"", "[", "\"\\ud800\"", "{\"parameters\":{\"a\":[[[[]]]]}}")), false);
        var isHttp = !new[] { "\u001b", "%00", "%ff" }.Any(odd => path.Contains(odd, StringComparison.Ordinal));
        return new(
            [.. Head($"{method} {path} HTTP/1.1", $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n"), .. body],
            IsHttp: isHttp, MayPass: path == Index || (path == Infer && mayPass));
    }

    /// <summary>Bodies that end early or are cut into chunks that are none.</summary>
    private static MalformedRequest Framing(Dice dice)
    {
        var body = MalformedJson.Text(MalformedJson.Good);
        var length = $"{body.Length:x}";
        var extended = $"{length};{new string('x', 20_000)}\r\n{MalformedJson.Good}\r\n0\r\n\r\n"; // which the protocol allows
        var chunks = dice.Of(
            $"{length}\r\n{MalformedJson.Good}\r\n", $"{length}\r\n{MalformedJson.Good[..20]}", $"zz\r\n{MalformedJson.Good}\r\n0\r\n\r\n", $"-1\r\n{MalformedJson.Good}\r\n0\r\n\r\n",
            $"fffffffffffffffff\r\n{MalformedJson.Good}", $"7fffffff\r\n{MalformedJson.Good}", $"1\r\n{MalformedJson.Good}\r\n0\r\n\r\n", "0\r\n\r\n", extended, "");
        return dice.Below(3) switch
        {
            0 => new([.. Head("POST /v2/models/m/infer HTTP/1.1", "Transfer-Encoding: chunked\r\n"), .. MalformedJson.Text(chunks)], IsCut: true, MayPass: chunks == extended),
            1 => new([.. Head("POST /v2/models/m/infer HTTP/1.1", $"Content-Length: {dice.Of(body.Length + 1, body.Length + 100, 16 << 20, 17 << 20, 2_000_000_000)}\r\n"), .. body], IsCut: true),
            _ => new([.. Head("POST /v2/models/m/infer HTTP/1.1", $"Content-Length: {body.Length}\r\n"), .. body[..dice.Below(body.Length)]], IsCut: true),
        };
    }

    /// <summary>What is hardly HTTP.</summary>
    private static MalformedRequest Headers(Dice dice)
    {
        var body = MalformedJson.Good;
        var headers = dice.Of(
            $"X-Large: {new string('x', 40_000)}\r\n", string.Concat(Enumerable.Range(0, 300).Select(i => $"X-{i}: {i}\r\n")), "Content-Length: -1\r\n", "Content-Length: abc\r\n",
            "Content-Length: 1\r\nContent-Length: 2\r\n", "Content-Length: 99999999999999999999\r\n", "Transfer-Encoding: nonsense\r\n", "Transfer-Encoding: gzip, chunked\r\n",
            "No colon here\r\n", " folded: yes\r\n", "B\u0000d: x\r\n", "X: \u0000\r\n", "Host: other\r\n", "Content-Length: 0x10\r\n", ": empty\r\n", "X-\u00e9: y\r\n");
        var line = !dice.Is(0.3) ? "POST /v2/models/m/infer HTTP/1.1" : dice.Of(
            "POST", "POST /v2/models/m/infer", "POST v2 HTTP/1.1", "\0\0\0", "POST  /v2/models/m/infer HTTP/1.1", $"POST /{new string('a', 20_000)} HTTP/1.1", "P\u00d6ST / HTTP/1.1",
            "POST /v2/models/m/infer HTTP/one");
        return new([.. Head(line, headers), .. MalformedJson.Text(body)], IsHttp: false);
    }

    private static byte[] Damaged(byte[] bytes, Dice dice)
    {
        for (var flips = 1 + dice.Below(3); flips > 0; flips--) bytes[dice.Below(bytes.Length)] ^= (byte)(1 << dice.Below(8));
        return bytes;
    }

    private static byte[] Bomb()
    {
        var spaces = new byte[BombMegabytes << 20];
        spaces.AsSpan().Fill((byte)' ');
        return spaces;
    }

    private static byte[] Packed(string encoding, byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (Stream packing = encoding switch
        {
            "gzip" => new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "deflate" => new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            _ => new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true),
        }) packing.Write(bytes);
        return packed.ToArray();
    }
}
