using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using FlowGrain.Silo.Inference.Grpc;
using Google.Protobuf;
using Grpc.Core;

namespace FlowGrain.Tests.Silo.Inference.Malformed;

/// <summary>The same over gRPC: a status that blames the client and a sentence, whatever comes.</summary>
public sealed class MalformedGrpcTests(GrpcSilo silo) : IClassFixture<GrpcSilo>
{
    private const int Requests = 500;
    private const int Lanes = 4;

    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(bytes => bytes, bytes => bytes);
    private static readonly Method<byte[], byte[]> Infer = new(MethodType.Unary, "inference.GRPCInferenceService", "ModelInfer", Bytes, Bytes);
    private static readonly StatusCode[] Refused = [StatusCode.InvalidArgument, StatusCode.NotFound, StatusCode.ResourceExhausted, StatusCode.DeadlineExceeded];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Five_hundred_malformed_messages_are_refused_in_a_sentence_and_touch_nobody_else()
    {
        var faults = new ConcurrentQueue<string>();
        var (good, expected) = Good();
        var lanes = new ParallelOptions { MaxDegreeOfParallelism = Lanes, CancellationToken = Cancellation };
        await Parallel.ForEachAsync(Enumerable.Range(0, Requests), lanes, async (number, cancellation) =>
        {
            var (message, mayPass) = Malformed(good, new Dice(seed: 3, number));
            var status = await Ask(message);
            if (!IsRight(status, mayPass)) faults.Enqueue($"number {number}: {status.StatusCode} '{status.Detail}' of {Convert.ToHexString(message.AsSpan(0, Math.Min(80, message.Length)))}");
            var others = await silo.Channel.CreateCallInvoker().AsyncUnaryCall(Infer, null, new CallOptions(cancellationToken: cancellation), good);
            var answer = ModelInferResponse.Parser.ParseFrom(others);
            if (!MemoryMarshal.Cast<byte, float>(answer.RawOutputContents.Single().Span).SequenceEqual(expected)) faults.Enqueue($"number {number}: another was answered otherwise");
        });
        Assert.True(faults.IsEmpty, $"{faults.Count} of {Requests} were answered wrongly, such as\n{string.Join('\n', faults.Take(10))}");
    }

    [Fact]
    public async Task A_message_beyond_the_bound_is_refused()
    {
        var status = await Ask(new ModelInferRequest { RawInputContents = { ByteString.CopyFrom(new byte[17 << 20]) } }.ToByteArray());
        Assert.Equal(StatusCode.ResourceExhausted, status.StatusCode);
    }

    /// <summary>Whether a message was refused in a sentence, or taken where the change may have left it right.</summary>
    private static bool IsRight(Status status, bool mayPass) => status.StatusCode == StatusCode.OK ? mayPass : Refused.Contains(status.StatusCode) && status.Detail is [.., '.' or '?'];

    private (byte[] Message, float[] Scores) Good()
    {
        var (rows, scores) = silo.Scored(20);
        var input = new ModelInferRequest.Types.InferInputTensor { Name = "x", Datatype = "FP64", Shape = { 20, 2 } };
        var request = new ModelInferRequest { ModelName = "m", Inputs = { input }, RawInputContents = { ByteString.CopyFrom(MemoryMarshal.AsBytes<double>(rows)) } };
        return (request.ToByteArray(), scores);
    }

    /// <summary>One, and whether its change may have left it right.</summary>
    private static (byte[] Bytes, bool MayPass) Malformed(byte[] good, Dice dice) => dice.Below(5) switch
    {
        0 => (dice.Bytes(dice.Below(300)), false),
        1 => (good[..dice.Below(good.Length)], false),
        2 => (Flipped([.. good], dice), true),
        3 => (Request(dice, raw: true), true),
        _ => (Request(dice, raw: false), true),
    };

    private static byte[] Request(Dice dice, bool raw)
    {
        var input = new ModelInferRequest.Types.InferInputTensor
        {
            Name = dice.Of("x", "x", "", "日本", "\u0000"),
            Datatype = dice.Of("FP32", "FP64", "INT64", "BYTES", "BOOL", "FP16", ""),
            Shape = { Enumerable.Range(0, dice.Below(4)).Select(_ => dice.Of(2L, 2, 1, 0, -1, long.MaxValue, long.MinValue, 1L << 32)) },
        };
        if (!raw || dice.Is(0.1))
        {
            input.Contents = new InferTensorContents
            {
                Fp32Contents = { 1, float.NaN, 3, float.PositiveInfinity },
                Int64Contents = { Enumerable.Repeat(7L, dice.Below(5)) },
                BytesContents = { ByteString.CopyFromUtf8("x") },
            };
        }

        var request = new ModelInferRequest
        {
            ModelName = dice.Of("m", "m", "m.sample", "m.detect", "\u0000", "../m", new string('n', 5000)),
            ModelVersion = dice.Of("", "1", "-1", "99999999999999999999", "x"),
            Inputs = { Enumerable.Repeat(input, dice.Of(0, 1, 1, 1, 2)) },
        };
        if (raw) request.RawInputContents.Add(Enumerable.Range(0, dice.Of(1, 1, 2, 5)).Select(_ => ByteString.CopyFrom(dice.Bytes(dice.Of(0, 15, 16, 32, 33)))));
        if (dice.Is(0.2)) request.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor { Name = dice.Of("", "z", "logprob", "\u0000") });
        if (dice.Is(0.2)) request.Parameters["timeout"] = new InferParameter { Int64Param = dice.Of(-1L, long.MinValue, long.MaxValue) };
        return request.ToByteArray();
    }

    private static byte[] Flipped(byte[] message, Dice dice)
    {
        for (var flips = 1 + dice.Below(4); flips > 0; flips--) message[dice.Below(Math.Min(40, message.Length))] ^= (byte)(1 << dice.Below(8));
        return message;
    }

    private async Task<Status> Ask(byte[] message)
    {
        try
        {
            await silo.Channel.CreateCallInvoker().AsyncUnaryCall(Infer, null, new CallOptions(cancellationToken: Cancellation), message);
            return Status.DefaultSuccess;
        }
        catch (RpcException refused)
        {
            return refused.Status;
        }
    }
}
