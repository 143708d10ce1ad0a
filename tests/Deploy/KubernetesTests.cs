using System.Text.Json;
using k8s.Models;
using static FlowGrain.Tests.Deploy.Deployment;

namespace FlowGrain.Tests.Deploy;

/// <summary>The manifests of Kubernetes fit its schema, one another, and the silo.</summary>
public sealed class KubernetesTests
{
    private static V1PodSpec Silo => Manifests.Silos.Spec.Template.Spec;

    [Fact]
    public void A_field_that_an_object_does_not_have_would_be_found()
    {
        Assert.ThrowsAny<Exception>(() => Manifests.Load(Manifests.Text("silos.yaml").Replace("terminationGracePeriodSeconds", "terminationGraceSeconds")));
        Assert.ThrowsAny<Exception>(() => Manifests.Load(Manifests.Text("disruption.yaml").Replace("kind: PodDisruptionBudget", "kind: PodDisruptionBudgets")));
        Assert.All(Manifests.Sets.Select(set => set.Spec.Replicas), replicas => Assert.NotNull(replicas));
    }

    [Fact]
    public void Kustomize_takes_every_file_but_the_secrets_and_the_version_of_the_image_is_the_projects()
    {
        var resources = Manifests.Kustomization.Items("resources").Select(file => $"{file}");
        Assert.Equal(Manifests.Files, resources.Concat(["kustomization.yaml", "secrets.example.yaml"]).Order(StringComparer.Ordinal));
        var image = Manifests.Kustomization.Items("images").Single();
        Assert.Equal((Silo.Containers.Single().Image, Release), ($"{image["name"]}", $"{image["newTag"]}"));
        Assert.All(Manifests.Sets.Where(set => set != Manifests.Silos).SelectMany(set => set.Spec.Template.Spec.Containers), container => Assert.True(IsPinned(container.Image), container.Image));
    }

    [Fact]
    public void Every_selector_finds_pods_and_every_port_is_one_of_theirs()
    {
        Assert.All(Manifests.Sets, set => Assert.Equal([set], Manifests.Selected(set.Spec.Selector.MatchLabels)));
        Assert.All(Manifests.Sets, set => Assert.Contains(Manifests.Objects.OfType<V1Service>(), service => service.Metadata.Name == set.Spec.ServiceName && service.Spec.ClusterIP == "None"));
        Assert.All(Manifests.Objects.OfType<V1Service>(), service =>
            Assert.All(service.Spec.Ports, port => Assert.Contains(port.TargetPort?.Value ?? $"{port.Port}", Manifests.Ports(Assert.Single(Manifests.Selected(service.Spec.Selector))))));
        Assert.All(Manifests.Objects.OfType<V1NetworkPolicy>(), policy =>
            Assert.All(policy.Spec.Ingress.SelectMany(rule => rule.Ports), port => Assert.Contains(port.Port.Value, Manifests.Ports(Assert.Single(Manifests.Selected(policy.Spec.PodSelector.MatchLabels))))));
        Assert.Equal([Manifests.Silos], Manifests.Selected(Manifests.Objects.OfType<V1PodDisruptionBudget>().Single().Spec.Selector.MatchLabels));
        var apart = Silo.Affinity.PodAntiAffinity.PreferredDuringSchedulingIgnoredDuringExecution.Single().PodAffinityTerm;
        Assert.Equal([Manifests.Silos], Manifests.Selected(apart.LabelSelector.MatchLabels));
    }

    [Fact]
    public void The_ports_between_silos_and_of_redis_are_open_to_silos_alone()
    {
        var rules = Manifests.Objects.OfType<V1NetworkPolicy>().SelectMany(policy => policy.Spec.Ingress).ToList();
        var open = rules.Where(rule => rule.FromProperty is null or []).SelectMany(rule => rule.Ports).Select(port => port.Port.Value);
        Assert.Equal(["8080"], open);
        Assert.Equal(["11111", "30000", "6379"], rules.Where(rule => rule.FromProperty is [_, ..]).SelectMany(rule => rule.Ports).Select(port => port.Port.Value));
        Assert.All(rules.SelectMany(rule => rule.FromProperty ?? []), from => Assert.Equal([Manifests.Silos], Manifests.Selected(from.PodSelector.MatchLabels)));
        Assert.All(Manifests.Sets, set => Assert.Contains(Manifests.Objects.OfType<V1NetworkPolicy>(), policy => Manifests.Selected(policy.Spec.PodSelector.MatchLabels).Contains(set)));
    }

    [Fact]
    public void Probes_ask_for_what_a_silo_answers_and_a_silo_has_time_to_end()
    {
        var silo = Silo.Containers.Single();
        V1Probe[] probes = [silo.StartupProbe, silo.LivenessProbe, silo.ReadinessProbe];
        Assert.Equal(["/startupz", "/livez", "/readyz"], probes.Select(probe => probe.HttpGet.Path));
        Assert.All(probes, probe => Assert.True(IsHealthPath(probe.HttpGet.Path) && Manifests.Ports(Manifests.Silos).Contains(probe.HttpGet.Port.Value), probe.HttpGet.Path));
        Assert.Equal(["sleep", "5"], silo.Lifecycle.PreStop.Exec.Command);
        Assert.InRange(Silo.TerminationGracePeriodSeconds!.Value, 5 + 30 + 5, 120); // the pause, the longest that a silo takes to end, and some air
    }

    [Fact]
    public async Task A_silo_takes_its_settings()
    {
        var variables = Silo.Containers.Single().Env.Select(variable => KeyValuePair.Create(variable.Name, variable.Value ?? (variable.ValueFrom.FieldRef.FieldPath == "status.podIP" ? "10.0.0.1" : "")));
        Assert.Empty(await SiloEnvironment.Faults(variables));
        Assert.Contains("10.0.0.1", string.Join(' ', await SiloEnvironment.Faults(variables.Where(variable => variable.Key != "Silo__AllowPlaintext"))), StringComparison.Ordinal);
    }

    [Fact]
    public void What_pods_refer_to_is_there()
    {
        Assert.All(Manifests.Sets, set =>
        {
            var pod = set.Spec.Template.Spec;
            var volumes = (pod.Volumes ?? []).Select(volume => volume.Name).Concat((set.Spec.VolumeClaimTemplates ?? []).Select(claim => claim.Metadata.Name)).ToList();
            Assert.Equal(volumes.Order(), pod.Containers.SelectMany(container => container.VolumeMounts).Select(mount => mount.Name).Order());
            Assert.All((pod.Volumes ?? []).Where(volume => volume.PersistentVolumeClaim is not null), volume => Assert.Contains(Manifests.Objects.OfType<V1PersistentVolumeClaim>(), claim => claim.Metadata.Name == volume.PersistentVolumeClaim.ClaimName));
            Assert.All((pod.Volumes ?? []).Where(volume => volume.Secret is not null), volume => Assert.Equal(Manifests.Secret.Metadata.Name, volume.Secret.SecretName));
            Assert.All(pod.Containers.SelectMany(container => container.Env ?? []).Where(variable => variable.ValueFrom?.SecretKeyRef is not null), variable => Assert.Equal(Manifests.Secret.Metadata.Name, variable.ValueFrom.SecretKeyRef.Name));
        });
        var claim = Manifests.Objects.OfType<V1PersistentVolumeClaim>().Single();
        Assert.Equal(["ReadWriteMany"], claim.Spec.AccessModes);
    }

    [Fact]
    public void The_keys_are_where_the_silo_looks_for_them_and_in_the_form_that_it_reads()
    {
        var silo = Silo.Containers.Single();
        var file = silo.Env.Single(variable => variable.Name == "Auth__KeysFile").Value;
        var mount = silo.VolumeMounts.Single(mount => mount.Name == Silo.Volumes.Single(volume => volume.Secret is not null).Name);
        Assert.Equal(Manifests.Secret.StringData.Keys.Select(name => $"{mount.MountPath}/{name}"), [file]);
        var key = JsonSerializer.Deserialize<JsonElement>(Manifests.Secret.StringData.Values.Single()).GetProperty("keys")[0];
        Assert.Equal(["name", "sha256", "role"], key.EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public void Containers_can_do_nothing_but_their_work()
    {
        Assert.All(Manifests.Sets, set =>
        {
            var pod = set.Spec.Template.Spec;
            Assert.Equal((true, false, "RuntimeDefault"), (pod.SecurityContext.RunAsNonRoot, pod.AutomountServiceAccountToken, pod.SecurityContext.SeccompProfile.Type));
            Assert.All(pod.Containers, container => Assert.Equal(
                (true, false, "ALL"), (container.SecurityContext.ReadOnlyRootFilesystem, container.SecurityContext.AllowPrivilegeEscalation, container.SecurityContext.Capabilities.Drop.Single())));
        });
        Assert.Equal($"{Silo.SecurityContext.RunAsUser}:{Silo.SecurityContext.RunAsGroup}", Dockerfile.Read().Of("USER").Last().Rest);
        Assert.Contains(Silo.Volumes, volume => volume is { Name: "tmp", EmptyDir: not null });
        Assert.Equal(["/data", "/tmp"], Silo.Containers.Single().VolumeMounts.Where(mount => mount.ReadOnlyProperty is not true).Select(mount => mount.MountPath));
    }

    [Fact]
    public void Redis_keeps_what_it_is_told()
    {
        var redis = Manifests.Sets.Single(set => set.Metadata.Name == "redis");
        Assert.Equal("redis-server --dir /data --appendonly yes --appendfsync always", string.Join(' ', redis.Spec.Template.Spec.Containers.Single().Args));
        Assert.Equal("/data", redis.Spec.Template.Spec.Containers.Single().VolumeMounts.Single(mount => mount.Name == redis.Spec.VolumeClaimTemplates.Single().Metadata.Name).MountPath);
    }

    [Fact]
    public void Prometheus_finds_the_silos()
    {
        var scrape = Yaml(File.ReadAllText(In("deploy/prometheus/kubernetes.yml"))).Items("scrape_configs").Single();
        Assert.Equal("flowgrain", $"{scrape["job_name"]}");
        var labels = Manifests.Silos.Spec.Template.Metadata.Labels["app.kubernetes.io/name"];
        Assert.Equal($"{labels};http", $"{scrape["relabel_configs"][0]["regex"]}");
        Assert.Contains("http", Manifests.Ports(Manifests.Silos));
        var spaces = scrape["kubernetes_sd_configs"][0]["namespaces"].Items("names").Select(name => $"{name}");
        Assert.Equal([$"{Manifests.Kustomization["namespace"]}"], spaces);
    }
}
