using System.Runtime.CompilerServices;
using FlowGrain.Flows;

[assembly: AssemblyFixture(typeof(FlowGrain.Tests.TorchReady))]

namespace FlowGrain.Tests;

/// <summary>Lets our library say where torch lies before the first test uses it, whichever test that is.</summary>
public sealed class TorchReady
{
    public TorchReady() => RuntimeHelpers.RunModuleConstructor(typeof(Flow).Module.ModuleHandle);
}
