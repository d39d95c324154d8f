using CallDesk.Api;

namespace CallDesk.Status;

internal static class StatusEndpoints
{
    public static void MapStatusApi(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup("/api/status").RequireSameOrigin().AddEndpointFilter(InboxEndpoints.HandleUnavailableAsync);

        api.MapGet("", (StatusReader status, CancellationToken cancellationToken) => status.ReadAsync(cancellationToken));
        // An examination takes seconds and sends requests to GREEN-API, so it only runs when the administrator starts it.
        api.MapPost("/examination", (DoctorReportCache examination, CancellationToken cancellationToken) => examination.ExamineAsync(cancellationToken));
    }
}

internal static class StatusBuilderExtensions
{
    public static void AddDeskStatus(this IServiceCollection services) => services
        .AddSingleton<DoctorReportCache>()
        .AddScoped<StatusReader>();
}
