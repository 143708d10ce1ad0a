using System.Runtime.InteropServices;
using System.Text;
using FlowGrain.Serving;
using FlowGrain.Silo.Inference;

namespace FlowGrain.Tests.Silo.Inference;

/// <summary>The bytes of a request, as clients send them and as nobody should.</summary>
public sealed class RequestReaderTests
{
    private const string Header = """{"id":"q1","inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","parameters":{"binary_data_size":16}}],"parameters":{"binary_data_output":true,"timeout":1500,"priority":3},"outputs":[{"name":"log_prob","parameters":{"binary_data":false}},{"name":"z"}]}""";

    private static readonly byte[] Numbers = MemoryMarshal.AsBytes<float>([1.5f, -2, float.NaN, float.PositiveInfinity]).ToArray();

    [Fact]
    public void Tensors_behind_the_json_are_read_as_the_protocol_has_them()
    {
        byte[] body = [.. Encoding.UTF8.GetBytes(Header), .. Numbers];
        var request = RequestReader.Read(body, Header.Length);
        Assert.Equal(("q1", TimeSpan.FromMilliseconds(1.5), true), (request.Id, request.Timeout, request.BinaryOutput));
        var x = Assert.Single(request.Inputs);
        Assert.Equal(("x", Datatype.Single), (x.Name, x.Type));
        Assert.Equal([2, 2], x.Shape);
        Assert.Equal([1.5, -2, double.NaN, double.PositiveInfinity], x.Numbers);
        Assert.Equal((true, true, false), (request.Asks("log_prob"), request.IsBinary("z"), request.IsBinary("log_prob")));
    }

    [Theory]
    [InlineData("""{"inputs":[{"name":"x","shape":[2,2],"datatype":"FP64","data":[[1,2],[3,4.5]]}]}""")]
    [InlineData("""{"inputs":[{"data":[1,2,3,4.5],"shape":[2,2],"name":"x","datatype":"FP64","parameters":{"content_type":"np"}}],"parameters":{"sequence_id":7,"sequence_start":true,"headers":{"a":[1,{}]}}}""")]
    [InlineData(""" { "inputs" : [ { "name":"x" , "shape":[2,2] , "datatype":"FP32" , "data":[[1,2],[3,4.5]] } ] } """)]
    public void Numbers_may_be_nested_or_not_and_fields_come_in_any_order(string json)
    {
        var x = Assert.Single(RequestReader.Read(Encoding.UTF8.GetBytes(json), null).Inputs);
        Assert.Equal([1, 2, 3, 4.5], x.Numbers);
    }

    [Theory]
    [InlineData("BOOL", "01", 1)]
    [InlineData("UINT8", "FF", 255)]
    [InlineData("INT8", "FF", -1)]
    [InlineData("UINT16", "FFFF", 65535)]
    [InlineData("INT16", "FEFF", -2)]
    [InlineData("UINT32", "FFFFFFFF", 4294967295)]
    [InlineData("INT32", "FEFFFFFF", -2)]
    [InlineData("UINT64", "0000000000000080", 9223372036854775808)]
    [InlineData("INT64", "FFFFFFFFFFFFFFFF", -1)]
    [InlineData("FP16", "003E", 1.5)]
    [InlineData("FP32", "0000C03F", 1.5)]
    [InlineData("FP64", "000000000000F83F", 1.5)]
    public void Every_type_of_numbers_is_read(string type, string bytes, double value)
    {
        var raw = Convert.FromHexString(bytes);
        var header = Encoding.UTF8.GetBytes($$$"""{"inputs":[{"name":"x","shape":[1],"datatype":"{{{type}}}","parameters":{"binary_data_size":{{{raw.Length}}}}}]}""");
        Assert.Equal([value], RequestReader.Read([.. header, .. raw], header.Length).Inputs[0].Numbers);
    }

    [Theory, InlineData("18446744073709551615", "UINT64", -1), InlineData("9007199254740993", "UINT64", 9007199254740993), InlineData("-9223372036854775808", "INT64", long.MinValue), InlineData("5.0", "INT64", 5), InlineData("1e3", "INT32", 1000), InlineData("255", "UINT8", 255)]
    public void A_whole_number_is_read_however_it_is_written(string text, string type, long bits) =>
        Assert.Equal([bits], RequestReader.Read(Encoding.UTF8.GetBytes($$"""{"inputs":[{"name":"seed","shape":[1],"datatype":"{{type}}","data":[{{text}}]}]}"""), null).Inputs[0].Whole);

    [Theory, InlineData("FP32", 0.7f), InlineData("FP64", 0.7)]
    public void A_number_of_json_is_that_of_its_datatype_as_bytes_would_have_it(string type, double value) =>
        Assert.Equal([value], RequestReader.Read(Encoding.UTF8.GetBytes($$"""{"inputs":[{"name":"x","shape":[1],"datatype":"{{type}}","data":[0.7]}]}"""), null).Inputs[0].Numbers);

    [Fact]
    public void A_seed_keeps_all_of_its_bits() =>
        Assert.Equal([9007199254740993], RequestReader.Read("""{"inputs":[{"name":"seed","shape":[1],"datatype":"INT64","data":[9007199254740993]}]}"""u8, null).Inputs[0].Whole);

    [Theory]
    [InlineData("", "The request has no body; send one of JSON")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[NaN]}]}""", "it has no NaN and no infinity: send null")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[-Infinity]}]}""", "it has no NaN and no infinity: send null")]
    [InlineData("""{"inputs":[{"name":"x","shape":[2,3],"datatype":"FP32","data":[[0.7,2800],[61,1.2,6900,62]]}]}""", "The data of 'x' has rows of unlike lengths")]
    [InlineData("""{"inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","data":[[1,2],3,4]}]}""", "rows of unlike lengths")]
    [InlineData("""{"inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","data":[[[1],[2]],[3,4]]}]}""", "rows of unlike lengths")]
    [InlineData("""{"inputs":[{"name":"x","shape":[2,3],"datatype":"FP32","data":[[1,2],[3,4],[5,6]]}]}""", "is nested as [3, 2], and its shape is [2, 3]")]
    [InlineData("""{"inputs":[{"name":"x","shape":[2],"datatype":"FP32","data":[1],"data":[2]}]}""", "'x' has data twice")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"data":[1]}]}""", "'x' lacks its datatype; send one of BOOL")]
    [InlineData("""{"inputs":[{"name":"x","shape":[3],"datatype":"FP32","data":[true,false,true]}]}""", "'x' is FP32, and true and false are BOOL")]
    [InlineData("""{"inputs":[{"name":"x","shape":[2],"datatype":"INT8","data":[1,2000]}]}""", "'x' is INT8, and its number 2 is 2000, which is beyond what that holds")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"UINT16","data":[-5]}]}""", "'x' is UINT16, and its number 1 is -5, which is beyond what that holds")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"UINT64","data":[-5]}]}""", "beyond what that holds")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"INT64","data":[9223372036854775808]}]}""", "beyond what that holds")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[1e39]}]}""", "'x' is FP32, and its number 1 is 1E+39, which is beyond what that holds")]
    [InlineData("""{"inputs":[{"name":"n","shape":[1],"datatype":"INT64","data":[null]}]}""", "its number 1 is null, which is not whole")]
    [InlineData("""{"foo":1,"inputs":[]}""", "'foo' is no field of the request, which has id, parameters, inputs, outputs; correct its name or take it out.")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[1],"bar":2}]}""", "'bar' is no field of an input")]
    [InlineData("""{"inputs":[],"outputs":[{"nmae":"z"}]}""", "'nmae' is no field of an output, which has name, parameters; did you mean name?")]
    [InlineData("""{"parameters":{"scroe":"typicality"},"inputs":[]}""", "'scroe' is no parameter of the request")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","parameters":{"binary_size":4}}]}""", "'binary_size' is no parameter of an input")]
    [InlineData("""{"inputs":[],"outputs":[{"name":"z","parameters":{"classification":3}}]}""", "'classification' is no parameter of an output")]
    [InlineData("[]", "The request is not an object")]
    [InlineData("""{"inputs":{}}""", "inputs is not an array")]
    [InlineData("""{"inputs":[3]}""", "an input is not an object")]
    [InlineData("""{"id":3}""", "id is not a text")]
    [InlineData("""{"parameters":{"timeout":-1}}""", "timeout is not a number of microseconds")]
    [InlineData("""{"inputs":[{"name":"x","shape":[2.5],"datatype":"FP32","data":[1]}]}""", "shape is not an array of whole numbers")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":["a","b"]}]}""", "'x' has something that is no number")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":3}]}""", "'x' is no array")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"BYTES","data":[1,2]}]}""", "the datatype 'BYTES', which is none of numbers")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2]}]}""", "takes 3 numbers, and 2 came")]
    [InlineData("""{"inputs":[{"name":"x","shape":[4611686018427387904,4611686018427387904,16],"datatype":"FP32","data":[]}]}""", "larger than any memory")]
    [InlineData("""{"inputs":[{"name":"n","shape":[1],"datatype":"INT64","data":[1.5]}]}""", "'n' is INT64, and its number 1 is 1.5, which is not whole; mend it, or the datatype.")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[1]},{"name":"x","shape":[1],"datatype":"FP32","data":[1]}]}""", "'x' is there twice")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","parameters":{"binary_data_size":4}}]}""", "0 are left behind the JSON")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","parameters":{"binary_data_size":-4}}]}""", "no number of bytes")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[1],"parameters":{"binary_data_size":4}}]}""", "has data and a binary_data_size")]
    [InlineData("""{"inputs":[]} {}""", "no JSON at line 1")]
    public void A_request_that_is_not_as_the_protocol_has_it_is_refused_with_a_sentence(string json, string words) =>
        Assert.Contains(words, Refused(Encoding.UTF8.GetBytes(json), null), StringComparison.Ordinal);

    [Theory, InlineData(-1), InlineData(1_000_000)]
    public void A_header_length_that_the_body_has_not_is_refused(long length) =>
        Assert.StartsWith($"Inference-Header-Content-Length is {length}", Refused("{}"u8.ToArray(), length), StringComparison.Ordinal);

    [Fact]
    public void Bytes_that_no_input_claims_are_refused() =>
        Assert.StartsWith("3 bytes follow the JSON", Refused([.. "{}"u8, 1, 2, 3], 2), StringComparison.Ordinal);

    [Fact]
    public void Ten_thousand_damaged_requests_are_read_or_refused_and_nothing_else()
    {
        byte[] whole = [.. Encoding.UTF8.GetBytes(Header), .. Numbers];
        var random = new Random(7);
        for (var i = 0; i < 10_000; i++)
        {
            var body = whole.ToArray();
            for (var flips = random.Next(1, 9); flips > 0; flips--) body[random.Next(body.Length)] = (byte)random.Next(256);
            if (random.Next(3) == 0) body = body[..random.Next(body.Length + 1)];
            long? length = random.Next(3) == 0 ? random.NextInt64(-2, 400) : Header.Length;
            try
            {
                RequestReader.Read(body, length);
            }
            catch (BadInputException refused)
            {
                Assert.NotEmpty(refused.Message);
            }
        }
    }

    [Theory, InlineData("INT8", 1), InlineData("FP32", 4), InlineData("FP64", 8)]
    public void Numbers_that_come_as_bytes_ask_for_room_before_they_are_read(string type, int size)
    {
        var header = Encoding.UTF8.GetBytes($$"""{"inputs":[{"name":"x","shape":[40],"datatype":"{{type}}","parameters":{"binary_data_size":{{40 * size}} } }]}""");
        var taken = new List<long>();
        RequestReader.Read([.. header, .. new byte[40 * size]], header.Length, taken.Add);
        Assert.Equal([40], taken);
        Assert.Throws<OverloadedException>(() => RequestReader.Read([.. header, .. new byte[40 * size]], header.Length, _ => throw new OverloadedException("full")));
    }

    private static string Refused(byte[] body, long? length) => Assert.Throws<BadInputException>(() => RequestReader.Read(body, length)).Message;
}
