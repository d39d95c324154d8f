namespace IncomingCalls.GreenApi.Instances;

/// <summary>Validates the properties of an instance that every request needs.</summary>
internal static class InstanceValidator
{
    /// <summary>Finds what is wrong with an instance and what to write, in whole sentences; null when it is valid.</summary>
    public static string? FindProblem(CallInstance instance) =>
        instance.IdInstance <= 0 ? "The IdInstance is missing or invalid. Write the number that the GREEN-API console shows."
        : string.IsNullOrWhiteSpace(instance.ApiTokenInstance) ? "The ApiTokenInstance is missing. Write the token that the GREEN-API console shows."
        : FindAddressProblem(instance.ApiUrl);

    /// <summary>Finds what is wrong with the address of the API and what to write, in whole sentences; null when it is valid.</summary>
    public static string? FindAddressProblem(Uri? address) =>
        address is { IsAbsoluteUri: true, Scheme: "https" or "http" } ? null
        : "The ApiUrl is not an http or https address. Write the address that the GREEN-API console shows, such as https://7103.api.greenapi.com.";
}
