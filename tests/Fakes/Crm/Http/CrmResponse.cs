using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace IncomingCalls.Fakes.Crm.Http;

/// <summary>A response, computed before a fault decides whether and when it is sent.</summary>
internal sealed record CrmResponse(int Status, string ContentType, string Body)
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    /// <summary>The header <c>Retry-After</c>; null for none.</summary>
    public string? RetryAfter { get; private init; }

    /// <summary>Documented (amoCRM): an empty result is 204 without a body.</summary>
    public static CrmResponse NoContent { get; } = new(StatusCodes.Status204NoContent, "", "");

    public static CrmResponse Json(object body) => new(StatusCodes.Status200OK, "application/json", JsonSerializer.Serialize(body, Web));

    /// <summary>Returns a list, or 204 for an empty one.</summary>
    public static CrmResponse List<T>(IReadOnlyList<T> items) => items.Count == 0 ? NoContent : Json(new { items });

    /// <summary>An error. Documented (amoCRM): <c>application/problem+json</c> with title, status and detail; the error code is one of Bitrix24.</summary>
    /// <param name="status">The status.</param>
    /// <param name="title">The title.</param>
    /// <param name="detail">What is wrong.</param>
    /// <param name="extensions">Further properties of the body, and values.</param>
    public static CrmResponse Problem(int status, string title, string detail, params ReadOnlySpan<(string Name, object Value)> extensions)
    {
        var body = new Dictionary<string, object> { ["title"] = title, ["status"] = status, ["detail"] = detail };
        foreach (var (name, value) in extensions)
        {
            body[name] = value;
        }

        return new(status, "application/problem+json", JsonSerializer.Serialize(body, Web));
    }

    /// <summary>Documented (amoCRM): a body with a value that is missing or not supported. A list of errors with a path distinguishes it from other answers 400.</summary>
    public static CrmResponse Invalid(params IEnumerable<InvalidValue> errors) =>
        Problem(StatusCodes.Status400BadRequest, "Bad Request", "Request validation failed", ("validation-errors", new[] { new { errors } }));

    public static CrmResponse NotFound(string detail) => Problem(StatusCodes.Status404NotFound, "Not Found", detail);

    public static CrmResponse Html(int status, string title) =>
        new(status, "text/html", $"<html><head><title>{title}</title></head><body><center><h1>{title}</h1></center></body></html>");

    public CrmResponse WithRetryAfter(string value) => this with { RetryAfter = value };

    public Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        if (RetryAfter is not null)
        {
            context.Response.Headers.RetryAfter = RetryAfter;
        }

        if (Body.Length == 0)
        {
            return Task.CompletedTask;
        }

        context.Response.ContentType = ContentType;
        return context.Response.WriteAsync(Body, context.RequestAborted);
    }
}

/// <summary>One value of a request that is missing or not supported.</summary>
internal sealed record InvalidValue(string Code, string Path, string Detail)
{
    public static InvalidValue Missing(string path) => new("NotBlank", path, "This value should not be blank.");
}
