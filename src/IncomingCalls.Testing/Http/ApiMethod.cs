namespace IncomingCalls.Testing;

/// <summary>A method of the API: its documented verb, and what it does.</summary>
/// <param name="Verb">The HTTP method.</param>
/// <param name="NeedsAuthorization">Whether it is answered 400 while the account is not authorised.</param>
/// <param name="InvokeAsync">What it does.</param>
internal sealed record ApiMethod(string Verb, bool NeedsAuthorization, Func<ApiRequest, Task> InvokeAsync);
