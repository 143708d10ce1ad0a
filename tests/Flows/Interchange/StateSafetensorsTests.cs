using FlowGrain.Flows;
using FlowGrain.Flows.Interchange;

namespace FlowGrain.Tests.Flows.Interchange;

public sealed class StateSafetensorsTests
{
    [Theory]
    [InlineData("F64", new byte[] { 0, 0, 0, 0, 0, 0, 0xF8, 0xBF }, -1.5)]
    [InlineData("F32", new byte[] { 0, 0, 0xC0, 0xBF }, -1.5)]
    [InlineData("F16", new byte[] { 0, 0xBE }, -1.5)]
    [InlineData("BF16", new byte[] { 0xC0, 0xBF }, -1.5)]
    [InlineData("I64", new byte[] { 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, -2)]
    [InlineData("I32", new byte[] { 0xFE, 0xFF, 0xFF, 0xFF }, -2)]
    [InlineData("U8", new byte[] { 7 }, 7)]
    [InlineData("BOOL", new byte[] { 1 }, 1)]
    public void A_number_of_every_type_that_PyTorch_saves_is_read(string type, byte[] bytes, double value)
    {
        var tensor = StateSafetensors.Read(File(new TensorEntry(type, [], [0, bytes.Length]), bytes))["a"];
        Assert.Equal([value], tensor.Values);
        Assert.Empty(tensor.Shape);
    }

    [Fact]
    public void Another_type_and_a_shape_of_other_numbers_are_refused_by_the_tensors_name()
    {
        Assert.Contains("'a' has the type F8_E4M3", Assert.Throws<InvalidDataException>(() => StateSafetensors.Read(File(new TensorEntry("F8_E4M3", [1], [0, 1]), [0]))).Message);
        Assert.Contains("'a' has 1 numbers", Assert.Throws<InvalidDataException>(() => StateSafetensors.Read(File(new TensorEntry("U8", [2], [0, 1]), [0]))).Message);
        Assert.Contains("'a' lies where there is none", Assert.Throws<InvalidDataException>(() => StateSafetensors.Read(File(new TensorEntry("U8", [1], [1, 2]), [0, 0]))).Message);
    }

    private static MemoryStream File(TensorEntry entry, byte[] bytes)
    {
        var file = new MemoryStream();
        SafetensorsHeader.Write(file, new() { ["a"] = entry });
        file.Write(bytes);
        file.Position = 0;
        return file;
    }
}
