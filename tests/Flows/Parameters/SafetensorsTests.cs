using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FlowGrain.Flows;

namespace FlowGrain.Tests.Flows.Parameters;

public sealed class SafetensorsTests
{
    private static readonly ParameterLayout Layout = TestFlows.Spec("nsf", dimension: 3, context: 1).Layout();
    private static readonly float[] Values = TestFlows.Weights(TestFlows.Spec("nsf", dimension: 3, context: 1));

    [Fact]
    public void Every_bit_comes_back()
    {
        float[] odd = [.. Values];
        (odd[0], odd[1], odd[2]) = (float.Epsilon, -0f, float.MaxValue);
        Assert.Equal(odd.Select(BitConverter.SingleToUInt32Bits), Read(Write(odd)).Select(BitConverter.SingleToUInt32Bits));
    }

    [Fact]
    public void Its_hash_is_that_of_the_buffer_and_a_file_that_is_none_has_none()
    {
        var whole = Write(Values);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(Values))), Hash(whole));
        Assert.Contains("shorter", Assert.Throws<InvalidDataException>(() => Hash(whole[..^1])).Message);
        Assert.Contains("longer", Assert.Throws<InvalidDataException>(() => Hash([.. whole, 0])).Message);

        static string Hash(byte[] bytes) => Safetensors.Sha256(new MemoryStream(bytes), Layout);
    }

    [Fact]
    public void The_file_is_what_the_format_asks_for()
    {
        var bytes = Write(Values);
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        Assert.Equal(0, (8 + length) % 8);
        Assert.Equal(bytes.Length, 8 + length + Values.Length * sizeof(float));

        using var header = JsonDocument.Parse(bytes.AsMemory(8, length));
        Assert.Equal(Layout.Blocks.Select(block => block.Name), header.RootElement.EnumerateObject().Select(tensor => tensor.Name));
        foreach (var tensor in header.RootElement.EnumerateObject())
        {
            var block = Layout[tensor.Name];
            var offsets = tensor.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt32()).ToArray();
            Assert.Equal("F32", tensor.Value.GetProperty("dtype").GetString());
            Assert.Equal(block.Shape, tensor.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()));
            var first = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(8 + length + offsets[0]));
            Assert.Equal((block.Count * sizeof(float), Values[block.Offset]), (offsets[1] - offsets[0], first));
        }
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        var whole = Write(Values);
        foreach (var length in new[] { 0, 5, 8, 100, whole.Length / 2, whole.Length - 1 })
        {
            Assert.Contains("shorter", Assert.Throws<InvalidDataException>(() => Read(whole[..length])).Message);
        }
    }

    [Fact]
    public void A_file_with_more_than_its_header_says_is_refused() =>
        Assert.Contains("longer", Assert.Throws<InvalidDataException>(() => Read([.. Write(Values), 0])).Message);

    [Fact]
    public void Tensors_of_another_flow_are_refused_by_name_or_shape()
    {
        var (smaller, other) = (TestFlows.Spec("nsf", 3, 1, ("hidden", 4)), TestFlows.Spec("nice", 3, 1));
        Assert.Contains("the flow expects", Assert.Throws<InvalidDataException>(() => Read(Write(smaller.Layout(), TestFlows.Weights(smaller)))).Message);
        Assert.Contains("the flow expects", Assert.Throws<InvalidDataException>(() => Read(Write(other.Layout(), TestFlows.Weights(other)))).Message);
        Assert.Contains("no tensor", Assert.Throws<InvalidDataException>(() => Read(Header("""{"one":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"""))).Message);
    }

    [Theory]
    [InlineData("not json at all")]
    [InlineData("[1,2,3]")]
    [InlineData("17")]
    [InlineData("""{"w":{"dtype":"F32","data_offsets":[0,8]}}""")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2]}}""")]
    [InlineData("""{"w":{"dtype":"F32","shape":"two","data_offsets":[0,8]}}""")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[]}}""")]
    [InlineData("""{"w":{"dtype":"F64","shape":[2],"data_offsets":[0,8]}}""")]
    [InlineData("""{"w":[2]}""")]
    public void A_header_that_makes_no_sense_is_refused(string header)
    {
        var layout = ParameterLayout.Of(scope => scope.Add("w", Initializer.Zero, 2));
        Assert.Throws<InvalidDataException>(() => Safetensors.Read(new MemoryStream([.. Header(header), .. new byte[8]]), layout));
    }

    [Theory, InlineData(ulong.MaxValue), InlineData(1UL << 40)]
    public void A_header_length_beyond_reason_is_refused_without_allocating_it(ulong length) =>
        Assert.Contains("claims", Assert.Throws<InvalidDataException>(() => Read(BitConverter.GetBytes(length))).Message);

    private static float[] Read(byte[] bytes) => Safetensors.Read(new MemoryStream(bytes), Layout);

    private static byte[] Write(float[] values) => Write(Layout, values);

    private static byte[] Write(ParameterLayout layout, float[] values)
    {
        var stream = new MemoryStream();
        Safetensors.Write(stream, layout, values);
        return stream.ToArray();
    }

    private static byte[] Header(string json) => [.. BitConverter.GetBytes((ulong)json.Length), .. Encoding.UTF8.GetBytes(json)];
}
