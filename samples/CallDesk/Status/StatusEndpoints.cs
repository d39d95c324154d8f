using CallDesk.Api;

namespace CallDesk.Status;

internal static class StatusEndpoints
{
    public static void MapStatusApi(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup("/api/status").RequireSameOrigin().AddEndpointFilter(InboxEndpoints.HandleUnavailableAsync);

        api.MapGet("", (StatusReader status, CancellationToken cancellationToken) => status.ReadAsync(cancellationToken));
        // The doctor takes seconds and asks GREEN-API: at the press of a button, never by itself.
        api.MapPost("/examination", (DoctorReportCache examination, CancellationToken cancellationToken) => examination.ExamineAsync(cancellationToken));
    }
}

internal static class StatusBuilderExtensions
{
    public static void AddDeskStatus(this IServiceCollection services) => services
        .AddSingleton<DoctorReportCache>()
        .AddScoped<StatusReader>();
}
