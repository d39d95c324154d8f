using IncomingCalls.GreenApi.Http;
using IncomingCalls.GreenApi.Models;
using IncomingCalls.GreenApi.Settings;
using IncomingCalls.Shared;

namespace IncomingCalls.GreenApi.Doctor;

/// <summary>
/// Checks whether the webhook is reachable, accepts a notification with its token, rejects one with a wrong token, and accepts one that is as large as
/// a message with a picture.
/// </summary>
internal sealed class WebhookCheck(Examination examination, Uri address)
{
    /// <summary>Above the default limit of nginx, 1 MB, and of the size that messages with pictures have.</summary>
    private const int LargeNotificationBytes = 1_200_000;

    private readonly string _server = WebhookAddress.OriginOf(address);

    public static Task RunAsync(Examination examination, Uri address, CancellationToken cancellationToken) => new WebhookCheck(examination, address).RunAsync(cancellationToken);

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var result = await PostAsync(0, cancellationToken).ConfigureAwait(false);
        AddAnswer(result);
        if (result.Value is not { IsAcknowledgedByPage: false } response)
        {
            return;
        }

        // With any other response the webhook does not run yet or does not check tokens.
        if (response.Status is 200 or 401)
        {
            await CheckWrongTokenAsync(cancellationToken).ConfigureAwait(false);
        }

        if (response.Status == 200)
        {
            await CheckSizeAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void AddAnswer(GreenApiResult<WebhookResponse> result)
    {
        if (result.Value is not { } response)
        {
            examination.AddFinding(DoctorFindingCode.WebhookUnreachable, $"{_server} could not be reached: {result}.");
            return;
        }

        var problem = WebhookAddressProblem.Find(address, response, showsPath: false);
        var code = response switch
        {
            { IsAcknowledgedByPage: true } => DoctorFindingCode.WebhookAnswersPage,
            { IsDropped: true } => DoctorFindingCode.WebhookDropsInstance,
            { Status: 200 } => DoctorFindingCode.WebhookAnswers,
            { Status: 401 } => DoctorFindingCode.WebhookRefusesToken,
            { Status: 403 } => DoctorFindingCode.WebhookRefusesSender,
            { Status: 404 or 405 } => DoctorFindingCode.WebhookNotFound,
            { Status: >= 300 and < 400 } when problem is not null => DoctorFindingCode.WebhookRedirects,
            _ => DoctorFindingCode.WebhookAnswersWrongly,
        };
        examination.AddFinding(code, problem ?? code switch
        {
            DoctorFindingCode.WebhookAnswersPage => $"{_server} responded with 200 and a web page{(response.Server is { } server ? $" ({server})" : "")}.",
            DoctorFindingCode.WebhookDropsInstance =>
                $"{_server} responded with 200 and dropped the notification, because the host does not know instance {examination.Instance.IdInstance}.",
            _ => $"{_server} responded with {response.Status}.",
        });
    }

    private async Task CheckWrongTokenAsync(CancellationToken cancellationToken)
    {
        var result = await examination.Client.PostNotificationAsync(
            new() { Address = address, Authorization = $"Bearer {Guid.NewGuid():N}", IsWrongToken = true, Utf8Json = CreateNotification(0) }, cancellationToken).ConfigureAwait(false);
        var code = result.HttpStatus switch
        {
            401 => DoctorFindingCode.WebhookGuarded,
            200 => DoctorFindingCode.WebhookUnguarded,
            _ => DoctorFindingCode.WebhookGuardUnclear,
        };
        examination.AddFinding(code, $"A request with a wrong token returned {(result.HttpStatus is { } status ? status : result)}.");
    }

    private async Task CheckSizeAsync(CancellationToken cancellationToken)
    {
        var result = await PostAsync(LargeNotificationBytes, cancellationToken).ConfigureAwait(false);
        var (code, message) = result.HttpStatus switch
        {
            200 => (DoctorFindingCode.WebhookTakesLargeBodies, "A notification of 1.2 MB was acknowledged."),
            413 => (DoctorFindingCode.WebhookLimitsSize, "A notification of 1.2 MB was rejected because of its size (413)."),
            { } status => (DoctorFindingCode.WebhookSizeUnclear, $"A notification of 1.2 MB was answered with {status}."),
            null => (DoctorFindingCode.WebhookSizeUnclear, $"A notification of 1.2 MB was not answered: {result}."),
        };
        examination.AddFinding(code, message);
    }

    private Task<GreenApiResult<WebhookResponse>> PostAsync(int padding, CancellationToken cancellationToken) => examination.Client.PostNotificationAsync(
        new() { Address = address, Authorization = CreateAuthorizationHeader(examination.WebhookTokens), Utf8Json = CreateNotification(padding) }, cancellationToken);

    private ReadOnlyMemory<byte> CreateNotification(int padding) => WebhookProbe.CreateNotification(examination.Instance.IdInstance, examination.StartedAt, padding);

    /// <summary>Creates the header as the GREEN-API console does: the token follows the scheme Bearer unless it contains a scheme.</summary>
    private static string? CreateAuthorizationHeader(IReadOnlyList<string> tokens) => tokens is not [var token, ..] ? null
        : AuthorizationHeader.ExtractToken(token).Length < token.Trim().Length ? token.Trim()
        : $"Bearer {token.Trim()}";
}
