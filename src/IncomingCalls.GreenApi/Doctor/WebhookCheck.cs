using System.Buffers;
using System.Text.Json;
using IncomingCalls.GreenApi.Settings;
using IncomingCalls.Shared;

namespace IncomingCalls.GreenApi.Doctor;

/// <summary>Whether our webhook can be reached, takes what carries its token, and refuses what does not.</summary>
internal static class WebhookCheck
{
    /// <summary>A handler of the host may take that long before it is given up, and the gateway waits longer still.</summary>
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(40);

    public static async Task RunAsync(Examination examination, Uri address, CancellationToken cancellationToken)
    {
        var server = WebhookAddress.OriginOf(address);
        var body = CreateProbeNotification(examination);
        var answer = await examination.Client
            .PostNotificationAsync(address, CreateAuthorizationHeader(examination.WebhookTokens), body, ResponseTimeout, cancellationToken).ConfigureAwait(false);
        var code = answer.HttpStatus switch
        {
            200 => DoctorFindingCode.WebhookAnswers,
            401 => DoctorFindingCode.WebhookRefusesToken,
            403 => DoctorFindingCode.WebhookRefusesSender,
            null => DoctorFindingCode.WebhookUnreachable,
            _ => DoctorFindingCode.WebhookAnswersWrongly,
        };
        examination.AddFinding(code, answer.HttpStatus is null ? $"{server} could not be reached: {answer}." : $"{server} answered {answer.HttpStatus}.");
        // Whoever answers anything else is not there yet, or not asking for tokens.
        if (answer.HttpStatus is 200 or 401)
        {
            await CheckWrongTokenAsync(examination, address, body, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task CheckWrongTokenAsync(Examination examination, Uri address, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var answer = await examination.Client
            .PostNotificationAsync(address, $"Bearer {Guid.NewGuid():N}", body, ResponseTimeout, cancellationToken).ConfigureAwait(false);
        var code = answer.HttpStatus switch
        {
            401 => DoctorFindingCode.WebhookGuarded,
            200 => DoctorFindingCode.WebhookUnguarded,
            _ => DoctorFindingCode.WebhookGuardUnclear,
        };
        examination.AddFinding(code, $"A wrong token was answered {(answer.HttpStatus is { } status ? status : answer)}.");
    }

    /// <summary>As the console stores it: behind a scheme, unless it brings its own.</summary>
    private static string? CreateAuthorizationHeader(IReadOnlyList<string> tokens) => tokens is not [var token, ..] ? null
        : AuthorizationHeader.ExtractToken(token).Length < token.Trim().Length ? token.Trim()
        : $"Bearer {token.Trim()}";

    /// <summary>Of a type that nobody handles: messages and states might mean something to the host.</summary>
    private static ReadOnlyMemory<byte> CreateProbeNotification(Examination examination)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            writer.WriteString("typeWebhook"u8, "incomingCallsDoctor"u8);
            writer.WriteStartObject("instanceData"u8);
            writer.WriteNumber("idInstance"u8, examination.Instance.IdInstance);
            writer.WriteString("wid"u8, ""u8);
            writer.WriteString("typeInstance"u8, "whatsapp"u8);
            writer.WriteEndObject();
            writer.WriteNumber("timestamp"u8, examination.StartedAt.ToUnixTimeSeconds());
            writer.WriteEndObject();
        }

        return body.WrittenMemory;
    }
}
