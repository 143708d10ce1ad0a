using FlowGrain.Silo.Security.Tls;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace FlowGrain.Silo.Security;

/// <summary>Who may call the API, how often, and how that is kept secret and written down.</summary>
internal static class SecurityHosting
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds what the guards need, and the rules of their settings.</summary>
        internal IServiceCollection AddSecurity()
        {
            services.AddOptions<AuthOptions>().Configure<IConfiguration>((auth, configuration) => configuration.GetSection(AuthOptions.Section).Bind(auth)).ValidateOnStart(); // followed by the key ring alone: a monitor would throw where nobody catches
            services.AddOptions<LimitsOptions>().BindConfiguration(LimitsOptions.Section).ValidateOnStart();
            services.TryAddEnumerable(
            [
                ServiceDescriptor.Singleton<IValidateOptions<AuthOptions>, AuthRules>(),
                ServiceDescriptor.Singleton<IValidateOptions<LimitsOptions>, LimitsRules>(),
                ServiceDescriptor.Singleton<IValidateOptions<HttpOptions>, TlsRules>(),
                ServiceDescriptor.Singleton<IValidateOptions<SiloOptions>, TlsRules>(),
                ServiceDescriptor.Singleton<IValidateOptions<SiloOptions>, ExposureRules>(),
                ServiceDescriptor.Singleton<IValidateOptions<HttpOptions>, ExposureRules>(),
                UnknownSettings<AuthOptions>.In(AuthOptions.Section),
                UnknownSettings<LimitsOptions>.In(LimitsOptions.Section),
            ]);
            services.AddSingleton<KeyRing>();
            services.AddSingleton<Sessions>();
            services.AddSingleton<Tokens>();
            services.AddSingleton<RateLimits>();
            services.AddSingleton<IConfigureOptions<KestrelServerOptions>, HttpTls>();
            return services.AddStorageNames();
        }
    }

    extension(WebApplication app)
    {
        /// <summary>What sees every request first: it comes before faults are answered, so that it sees them too.</summary>
        internal void UseSecurity()
        {
            app.UseSecurityHeaders();
            app.UseWhen(Gate.Guards, guarded => guarded.UseMiddleware<Audit>());
        }

        /// <summary>Lets in who may.</summary>
        internal void UseGate() => app.UseWhen(Gate.Guards, guarded => guarded.UseMiddleware<Identification>().UseMiddleware<RateLimit>().UseMiddleware<Gate>());
    }
}
