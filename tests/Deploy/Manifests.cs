using k8s;
using k8s.Models;
using YamlDotNet.RepresentationModel;
using static FlowGrain.Tests.Deploy.Deployment;

namespace FlowGrain.Tests.Deploy;

/// <summary>The manifests of deploy/k8s, as the types of Kubernetes have them.</summary>
internal static class Manifests
{
    private static readonly string Folder = In("deploy/k8s/base");

    /// <summary>What kustomize puts together.</summary>
    internal static YamlMappingNode Kustomization { get; } = Yaml(File.ReadAllText(Path.Combine(Folder, "kustomization.yaml")));

    /// <summary>All objects but the secrets, which an operator makes.</summary>
    internal static IReadOnlyList<object> Objects { get; } = [.. Kustomization.Items("resources").SelectMany(file => Load(Text($"{file}")))];

    internal static IReadOnlyList<V1StatefulSet> Sets { get; } = [.. Objects.OfType<V1StatefulSet>()];

    internal static V1StatefulSet Silos => Sets.Single(set => set.Metadata.Name == "silo");

    internal static V1Secret Secret { get; } = Load(Text("secrets.example.yaml")).OfType<V1Secret>().Single();

    /// <summary>The files that are there.</summary>
    internal static IEnumerable<string> Files => Directory.EnumerateFiles(Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    internal static string Text(string file) => File.ReadAllText(Path.Combine(Folder, file));

    /// <summary>Reads objects; a field that their kind does not have is an error.</summary>
    internal static List<object> Load(string text) => KubernetesYaml.LoadAllFromString(text, strict: true);

    /// <summary>The sets whose pods a selector takes.</summary>
    internal static IEnumerable<V1StatefulSet> Selected(IDictionary<string, string> labels) =>
        Sets.Where(set => labels.All(label => set.Spec.Template.Metadata.Labels.TryGetValue(label.Key, out var value) && value == label.Value));

    /// <summary>The ports of a set's containers, by name and by number.</summary>
    internal static IEnumerable<string> Ports(V1StatefulSet set) => set.Spec.Template.Spec.Containers.SelectMany(container => container.Ports).SelectMany(port => new[] { port.Name, $"{port.ContainerPort}" });
}
