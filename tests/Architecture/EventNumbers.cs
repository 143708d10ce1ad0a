using System.Reflection;
using Microsoft.Extensions.Logging;

namespace FlowGrain.Tests.Architecture;

public sealed class EventNumbers
{
    [Fact]
    public void Every_event_of_the_log_has_a_number_of_its_own()
    {
        const BindingFlags All = BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly;
        var events = new[] { typeof(FlowGrain.Serving.ServingHosting).Assembly, typeof(FlowGrain.Silo.EmbeddedCluster).Assembly }
            .SelectMany(assembly => assembly.GetTypes()).SelectMany(type => type.GetMethods(All))
            .Select(method => (Name: $"{method.DeclaringType!.Name}.{method.Name}", method.GetCustomAttribute<LoggerMessageAttribute>()?.EventId)).Where(method => method.EventId is not null).ToList();
        Assert.NotEmpty(events);
        Assert.Empty(events.GroupBy(one => one.EventId).Where(group => group.Count() > 1).Select(group => $"{group.Key}: {string.Join(", ", group.Select(one => one.Name))}"));
    }
}
