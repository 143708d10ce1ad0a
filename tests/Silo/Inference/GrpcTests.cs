using System.Runtime.InteropServices;
using FlowGrain.Flows.Engines;
using FlowGrain.Silo.Inference.Grpc;
using FlowGrain.Tests.Cluster;
using FlowGrain.Tests.Flows;
using FlowGrain.Tests.Grains.Serving;
using FlowGrain.Tests.Silo.Api;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;

namespace FlowGrain.Tests.Silo.Inference;

/// <summary>The Open Inference Protocol over gRPC, by a client that was generated from it.</summary>
public sealed class GrpcTests(GrpcSilo silo) : IClassFixture<GrpcSilo>
{
    private readonly GRPCInferenceService.GRPCInferenceServiceClient _client = new(silo.Channel);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_server_and_its_models_say_what_they_are()
    {
        Assert.True((await _client.ServerLiveAsync(new(), cancellationToken: Cancellation)).Live);
        Assert.True((await _client.ServerReadyAsync(new(), cancellationToken: Cancellation)).Ready);
        Assert.Contains("binary_tensor_data", (await _client.ServerMetadataAsync(new(), cancellationToken: Cancellation)).Extensions);
        Assert.True((await _client.ModelReadyAsync(new() { Name = "m", Version = "1" }, cancellationToken: Cancellation)).Ready);
        var model = await _client.ModelMetadataAsync(new() { Name = "m" }, cancellationToken: Cancellation);
        Assert.Equal(("m", "flowgrain", "x", "FP32"), (model.Name, model.Platform, model.Inputs.Single().Name, model.Inputs.Single().Datatype));
        Assert.Equal([-1, 2], model.Inputs.Single().Shape);
        Assert.Equal(["log_prob", "z"], model.Outputs.Select(output => output.Name));
        Assert.Equal(["1", "2"], model.Versions);
        Assert.Equal(("one pass", "one pass", "exact"), (model.Properties["density"], model.Properties["samples"], model.Properties["logDensity"]));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await new Health.HealthClient(silo.Channel).CheckAsync(new(), cancellationToken: Cancellation)).Status);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Rows_get_the_scores_of_the_engine_raw_or_not(bool isRaw)
    {
        var (rows, scores) = silo.Scored(20);
        var request = new ModelInferRequest { ModelName = "m", Id = "q7", Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = "x", Datatype = "FP64", Shape = { 20, 2 } } } };
        if (isRaw) request.RawInputContents.Add(ByteString.CopyFrom(MemoryMarshal.AsBytes<double>(rows)));
        else request.Inputs[0].Contents = new InferTensorContents { Fp64Contents = { rows } };
        var answer = await _client.ModelInferAsync(request, cancellationToken: Cancellation);
        Assert.Equal(("m", "2", "q7"), (answer.ModelName, answer.ModelVersion, answer.Id));
        Assert.Equal(("log_prob", "FP32"), (answer.Outputs.Single().Name, answer.Outputs.Single().Datatype));
        Assert.Equal([20], answer.Outputs.Single().Shape);
        Assert.Equal(scores, MemoryMarshal.Cast<byte, float>(answer.RawOutputContents.Single().Span).ToArray());
    }

    [Fact]
    public async Task Samples_are_those_of_their_seed()
    {
        var request = new ModelInferRequest { ModelName = "m.sample", Inputs = { Whole("num_samples", 5), Whole("seed", 7) } };
        var (one, again) = (await _client.ModelInferAsync(request, cancellationToken: Cancellation), await _client.ModelInferAsync(request, cancellationToken: Cancellation));
        Assert.Equal(["samples", "log_prob"], one.Outputs.Select(output => output.Name));
        Assert.Equal(one.RawOutputContents, again.RawOutputContents);
        Assert.Equal(5 * 2 * sizeof(double), one.RawOutputContents[0].Length);

        static ModelInferRequest.Types.InferInputTensor Whole(string name, long value) =>
            new() { Name = name, Datatype = "INT64", Shape = { 1 }, Contents = new InferTensorContents { Int64Contents = { value } } };
    }

    [Theory]
    [InlineData("nobody", "FP32", 2, StatusCode.NotFound, "There is no model 'nobody'")]
    [InlineData("m", "FP99", 2, StatusCode.InvalidArgument, "has the datatype 'FP99'")]
    [InlineData("m", "FP32", 3, StatusCode.InvalidArgument, "takes 3 numbers, and 2 came")]
    [InlineData("m", "FP32", -2, StatusCode.InvalidArgument, "has a size below 0")]
    [InlineData("m", "FP32", long.MaxValue, StatusCode.InvalidArgument, "takes 9223372036854775807 numbers")]
    [InlineData("m", "INT64", 2, StatusCode.InvalidArgument, "takes 2 numbers, and 0 came")]
    public async Task A_fault_has_the_status_of_its_kind_and_a_sentence(string model, string datatype, long width, StatusCode status, string sentence)
    {
        var request = new ModelInferRequest { ModelName = model, Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = "x", Datatype = datatype, Shape = { 1, width }, Contents = new InferTensorContents { Fp32Contents = { 1, 2 } } } } };
        var fault = await Assert.ThrowsAsync<RpcException>(async () => await _client.ModelInferAsync(request, cancellationToken: Cancellation));
        Assert.Equal(status, fault.StatusCode);
        Assert.Contains(sentence, fault.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_waited_longer_than_it_may_is_not_computed()
    {
        var fault = await Fault(new() { ModelName = "m", Inputs = { Row() }, Parameters = { ["timeout"] = new InferParameter { Int64Param = 1 } } }); // a microsecond
        Assert.Equal(StatusCode.DeadlineExceeded, fault.StatusCode);
    }

    [Fact]
    public async Task A_packed_message_is_refused_before_it_is_unpacked()
    {
        var fault = await Fault(new() { ModelName = "m", Inputs = { Row() } }, new() { { "grpc-internal-encoding-request", "gzip" } });
        Assert.Equal((StatusCode.Unimplemented, "Messages packed with gzip are not taken; send them as they are."), (fault.StatusCode, fault.Status.Detail));
    }

    [Fact]
    public async Task An_input_that_is_there_twice_is_refused()
    {
        var fault = await Fault(new() { ModelName = "m", Inputs = { Row(), Row() } });
        Assert.Equal((StatusCode.InvalidArgument, "The input 'x' is there twice; send it once."), (fault.StatusCode, fault.Status.Detail));
    }

    [Fact]
    public async Task More_numbers_than_a_message_of_bytes_has_are_refused()
    {
        var request = new ModelInferRequest { ModelName = "m", Inputs = { Row() } };
        request.Inputs[0].Contents = new InferTensorContents { BoolContents = { new bool[(4 << 20) + 1] } };
        var fault = await Fault(request);
        Assert.Equal(StatusCode.InvalidArgument, fault.StatusCode);
        Assert.Contains("4194305 numbers, of 4194304 that it may", fault.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_timeout_that_is_no_number_is_refused()
    {
        var request = new ModelInferRequest { ModelName = "m", Parameters = { ["timeout"] = new InferParameter { StringParam = "soon" } } };
        var fault = await Assert.ThrowsAsync<RpcException>(async () => await _client.ModelInferAsync(request, cancellationToken: Cancellation));
        Assert.Contains("timeout is no number of microseconds", fault.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_parameter_that_nobody_knows_and_a_number_that_its_type_cannot_hold_are_refused()
    {
        var mistyped = await Fault(new() { ModelName = "m", Inputs = { Row() }, Parameters = { ["scroe"] = new InferParameter { StringParam = "typicality" } } });
        Assert.Equal(StatusCode.InvalidArgument, mistyped.StatusCode);
        Assert.Contains("'scroe' is no parameter of the request", mistyped.Status.Detail, StringComparison.Ordinal);
        var request = new ModelInferRequest { ModelName = "m", Inputs = { Row() }, Parameters = { ["sequence_id"] = new InferParameter { Int64Param = 7 } } };
        (request.Inputs[0].Datatype, request.Inputs[0].Contents) = ("INT8", new InferTensorContents { IntContents = { 1, 2000 } });
        Assert.Contains("'x' is INT8, and its number 2 is 2000, which is beyond what that holds", (await Fault(request)).Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Draws_of_bins_are_a_whole_number_and_need_a_model_with_bins()
    {
        Assert.Contains("'m' has none", (await Draws(new InferParameter { Int64Param = 8 })).Status.Detail, StringComparison.Ordinal);
        Assert.Contains("dequantise_draws is no whole number", (await Draws(new InferParameter { StringParam = "many" })).Status.Detail, StringComparison.Ordinal);
        Assert.Contains("dequantise_draws is 2147483647", (await Draws(new InferParameter { Uint64Param = ulong.MaxValue })).Status.Detail, StringComparison.Ordinal);

        Task<RpcException> Draws(InferParameter draws) => Fault(new() { ModelName = "m", Inputs = { Row() }, Parameters = { ["dequantise_draws"] = draws } });
    }

    private static ModelInferRequest.Types.InferInputTensor Row() => new() { Name = "x", Datatype = "FP32", Shape = { 1, 2 }, Contents = new InferTensorContents { Fp32Contents = { 1, 2 } } };

    private Task<RpcException> Fault(ModelInferRequest request, Metadata? headers = null) =>
        Assert.ThrowsAsync<RpcException>(async () => await _client.ModelInferAsync(request, headers, cancellationToken: Cancellation));
}

/// <summary>A silo with gRPC and two versions of <c>m</c>.</summary>
public sealed class GrpcSilo : OneSilo, IDisposable
{
    private readonly string _grpc;

    public GrpcSilo() : this(Directory.CreateTempSubdirectory("flowgrain-test-").FullName, $"http://127.0.0.1:{Ports.Free()}")
    {
    }

    private GrpcSilo(string root, string grpc) : base([$"Http:GrpcUrls={grpc}"], root)
    {
        _grpc = grpc;
        for (var version = 1; version <= 2; version++) StoredModels.In(root).Publish(StoredModels.With("m", version, TestFlows.Weights(TestFlows.Spec("nsf", 2), seed: version)), []);
        Channel = GrpcChannel.ForAddress(_grpc);
    }

    internal GrpcChannel Channel { get; }

    /// <summary>Rows, and their scores by the second version.</summary>
    internal (double[] Rows, float[] Scores) Scored(int count)
    {
        var spec = TestFlows.Spec("nsf", 2);
        var (rows, scores) = (TestFlows.Rows(spec, count), new float[count]);
        using var engine = FlowEngines.Create(spec);
        TestFlows.Weights(spec, seed: 2).CopyTo(engine.Parameters);
        engine.LogDensity(rows, scores, []);
        return (rows, scores);
    }

    public void Dispose() => Channel.Dispose();
}
