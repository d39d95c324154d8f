using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using IncomingCalls.Fakes.Crm.Records;
using Microsoft.AspNetCore.Http;

namespace IncomingCalls.Fakes.Crm.Http;

/// <summary>One request to a portal, with its body read.</summary>
/// <param name="Context">The HTTP request.</param>
/// <param name="Portal">The portal.</param>
/// <param name="Operation">The operation; null for an unknown method or path.</param>
/// <param name="RecordId">The id of a record in the path; empty for none.</param>
/// <param name="Body">The body.</param>
/// <param name="Log">Where violations are recorded.</param>
/// <param name="Number">The number of the request in the log.</param>
internal sealed record PortalRequest(HttpContext Context, CrmPortal Portal, CrmOperation? Operation, string RecordId, ReadOnlyMemory<byte> Body, RequestLog Log, int Number)
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    /// <summary>Records that the client did something wrong.</summary>
    public void AddViolation(ViolationKind kind) => Log.AddViolation(Number, kind);

    /// <summary>Returns a value of the query; empty for none.</summary>
    public string GetQueryValue(string name) => Context.Request.Query[name].ToString();

    /// <summary>Reads the body. Assumed: unknown properties are refused, since a misspelled one is lost in a real CRM.</summary>
    /// <param name="body">The body.</param>
    /// <param name="refusal">The answer if the body is not accepted.</param>
    /// <returns>Whether the body is accepted.</returns>
    public bool TryReadBody<T>([NotNullWhen(true)] out T? body, [NotNullWhen(false)] out CrmResponse? refusal) where T : class
    {
        (body, refusal) = (null, null);
        if (!Context.Request.HasJsonContentType())
        {
            AddViolation(ViolationKind.WrongContentType);
            refusal = CrmResponse.Problem(StatusCodes.Status415UnsupportedMediaType, "Unsupported Media Type", "Content-Type should be application/json");
            return false;
        }

        try
        {
            body = JsonSerializer.Deserialize<T>(Body.Span, Web);
        }
        catch (JsonException failure)
        {
            refusal = CrmResponse.Invalid(new InvalidValue("InvalidType", failure.Path ?? "", "The body or a value has another form, or the property is unknown."));
            return false;
        }

        if (body is null)
        {
            // Documented (amoCRM).
            refusal = CrmResponse.Problem(StatusCodes.Status400BadRequest, "Bad Request", "Request data can not be empty");
        }

        return body is not null;
    }

    /// <summary>Checks a phone number. An id of a messenger in its place is recorded.</summary>
    /// <param name="phone">The value of the client.</param>
    /// <returns>The error; null for a phone number.</returns>
    public InvalidValue? FindPhoneError(string? phone)
    {
        if (Portal.PhoneNumbers.IsPhoneNumber(phone))
        {
            return null;
        }

        AddViolation(ViolationKind.NotAPhoneNumber);
        return new("InvalidFormat", "phone", "Unsupported phone number format");
    }
}
