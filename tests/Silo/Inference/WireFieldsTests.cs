using FlowGrain.Silo.Inference.Grpc;
using Google.Protobuf;

namespace FlowGrain.Tests.Silo.Inference;

public sealed class WireFieldsTests
{
    [Theory, InlineData(1), InlineData(3), InlineData(100_000)]
    public void A_request_passes_in_whatever_pieces_it_comes(int piece)
    {
        var request = new ModelInferRequest { ModelName = "m", Parameters = { ["timeout"] = new InferParameter { Int64Param = long.MaxValue } }, RawInputContents = { ByteString.CopyFrom(new byte[50_000]) } };
        for (var i = 0; i < 400; i++) request.Inputs.Add(new ModelInferRequest.Types.InferInputTensor { Name = $"x{i}", Shape = { 1, 2 }, Contents = new InferTensorContents { Fp64Contents = { 1, 2 } } });
        Count(request, piece);
    }

    [Fact]
    public void A_thousand_empty_tensors_are_refused_before_they_are_parsed()
    {
        var request = new ModelInferRequest();
        for (var i = 0; i <= 1000; i++) request.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor());
        Assert.Contains("more than 1000 fields", Assert.Throws<BadInputException>(() => Count(request, 7)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_bytes_come_are_counted_or_refused()
    {
        var random = new Random(1);
        for (var attempt = 0; attempt < 2000; attempt++)
        {
            var bytes = new byte[random.Next(2000)];
            random.NextBytes(bytes);
            var fields = new WireFields();
            try
            {
                fields.Count(bytes);
            }
            catch (BadInputException)
            {
                // as it may be
            }
        }
    }

    private static void Count(ModelInferRequest request, int piece)
    {
        byte[] bytes = [0, 0, 0, 0, 0, .. request.ToByteArray()];
        var fields = new WireFields();
        foreach (var part in bytes.Chunk(piece)) fields.Count(part);
    }
}
