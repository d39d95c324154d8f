using IncomingCalls.GreenApi.Callers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.GreenApi.Tests.Callers;

/// <summary>Request queues that do not wait between two requests, for tests of everything but the rate.</summary>
internal static class UnpacedQueues
{
    public static ServiceDescriptor Descriptor { get; } = ServiceDescriptor.Singleton(static services => new CallerRequestQueues<CallerName>(
        CallerRequestKind.Name, static _ => int.MaxValue, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<CallerRequestQueue<CallerName>>>()));
}
