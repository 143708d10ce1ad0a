using System.Net;
using Microsoft.AspNetCore.Connections;

namespace FlowGrain.Silo;

/// <summary>Listens nowhere: calls inside a lone silo never leave the process, so no port has to be open.</summary>
internal sealed class NoNetwork : IConnectionListenerFactory
{
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IConnectionListener>(new Silent(endpoint));

    private sealed class Silent(EndPoint endpoint) : IConnectionListener
    {
        private readonly TaskCompletionSource<ConnectionContext?> _unbound = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public EndPoint EndPoint => endpoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) => await _unbound.Task.WaitAsync(cancellationToken);

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            _unbound.TrySetResult(null);
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => UnbindAsync();
    }
}

/// <summary>Takes the network away from a silo.</summary>
internal static class NoNetworkHosting
{
    extension(ISiloBuilder silo)
    {
        /// <summary>Replaces the listeners for silos and for clients by <see cref="NoNetwork"/>.</summary>
        internal ISiloBuilder WithoutNetwork()
        {
            // Orleans keeps the keys of its listener factories to itself, so they are taken from their registrations.
            var listeners = silo.Services.Where(service => service.IsKeyedService && service.ServiceType == typeof(IConnectionListenerFactory)).ToList();
            foreach (var listener in listeners)
            {
                silo.Services.Remove(listener);
                silo.Services.AddKeyedSingleton<IConnectionListenerFactory>(listener.ServiceKey, new NoNetwork());
            }

            return silo;
        }
    }
}
