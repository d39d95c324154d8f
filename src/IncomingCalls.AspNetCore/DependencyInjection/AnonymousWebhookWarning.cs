using IncomingCalls.AspNetCore.Telemetry;
using IncomingCalls.Shared;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.AspNetCore.DependencyInjection;

/// <summary>Logs a warning when the host starts with an endpoint that requires no token.</summary>
internal sealed class AnonymousWebhookWarning(LastKnownGoodOptions<IncomingCallsWebhookOptions> options, ILogger<AnonymousWebhookWarning> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.CurrentValue.AllowAnonymous)
        {
            logger.Anonymous();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
