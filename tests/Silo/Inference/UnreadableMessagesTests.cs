using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Silo.Api;
using FlowGrain.Silo.Inference.Grpc;
using FlowGrain.Silo.Security;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace FlowGrain.Tests.Silo.Inference;

/// <summary>Of a call of gRPC that fails, its client is at fault where its message cannot be read, and nowhere else.</summary>
public sealed class UnreadableMessagesTests
{
    private const string Service = "test.Odd";

    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(bytes => bytes, bytes => bytes);
    private static readonly Marshaller<byte[]> Unreadable = Marshallers.Create<byte[]>(bytes => bytes, _ => throw new FormatException("It is no message."));
    private static readonly Marshaller<byte[]> Unwritable = Marshallers.Create<byte[]>(_ => throw new FormatException("It is no answer."), bytes => bytes);

    [Fact]
    public async Task A_message_that_cannot_be_read_is_the_clients_fault_and_an_answer_that_cannot_be_written_the_silos()
    {
        await using var host = await HttpTwoHost.Start(
            services =>
            {
                services.AddLogging().AddSingleton<FaultLog>().AddSingleton<StorageNames>();
                services.AddOptions<StorageOptions>();
                services.AddOptions<DataOptions>();
                services.AddGrpc(grpc => grpc.Interceptors.Add<GrpcFaults>());
            },
            app =>
            {
                app.Use(next => context => UnreadableMessages.Blame(context, next));
                app.MapGrpcService<Odd>();
            });
        using var channel = GrpcChannel.ForAddress(host.Url);
        Assert.Equal(StatusCode.InvalidArgument, (await Fault(channel, nameof(Odd.Read))).StatusCode);
        Assert.NotEqual(StatusCode.InvalidArgument, (await Fault(channel, nameof(Odd.Write))).StatusCode);
    }

    private static Task<RpcException> Fault(GrpcChannel channel, string method)
    {
        var call = new Method<byte[], byte[]>(MethodType.Unary, Service, method, Bytes, Bytes);
        var options = new CallOptions(cancellationToken: TestContext.Current.CancellationToken);
        return Assert.ThrowsAsync<RpcException>(async () => await channel.CreateCallInvoker().AsyncUnaryCall(call, null, options, [1]));
    }

    /// <summary>A service whose messages cannot be read, or not be written.</summary>
    [BindServiceMethod(typeof(OddBase), nameof(Bind))]
    internal abstract class OddBase
    {
        private static UnaryServerMethod<byte[], byte[]> None => null!; // the methods are found by their names

        public static void Bind(ServiceBinderBase binder, OddBase? service)
        {
            binder.AddMethod(new Method<byte[], byte[]>(MethodType.Unary, Service, nameof(Read), Unreadable, Bytes), service is null ? None : service.Read);
            binder.AddMethod(new Method<byte[], byte[]>(MethodType.Unary, Service, nameof(Write), Bytes, Unwritable), service is null ? None : service.Write);
        }

        public virtual Task<byte[]> Read(byte[] message, ServerCallContext context) => Task.FromResult(message);

        public virtual Task<byte[]> Write(byte[] message, ServerCallContext context) => Task.FromResult(message);
    }

    internal sealed class Odd : OddBase;
}
