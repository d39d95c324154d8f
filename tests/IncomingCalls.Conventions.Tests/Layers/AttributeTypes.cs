using System.Reflection.Metadata;
using System.Text.RegularExpressions;

namespace IncomingCalls.Conventions.Tests;

/// <summary>Reports each type of the assembly that the arguments of an attribute name: <c>typeof(...)</c> is stored as a text.</summary>
internal sealed partial class AttributeTypes(MetadataReader metadata, IReadOnlyDictionary<string, TypeDefinitionHandle> types, Action<TypeDefinitionHandle> found)
    : ICustomAttributeTypeProvider<string>
{
    private const string SystemType = "System.Type";

    private readonly string _assembly = metadata.GetString(metadata.GetAssemblyDefinition().Name);

    public string GetTypeFromSerializedName(string name)
    {
        // The name of a generic type holds those of its arguments.
        foreach (Match part in TypeName().Matches(name))
        {
            if (types.TryGetValue(part.Value, out var type))
            {
                found(type);
            }
        }

        return name.Contains(',', StringComparison.Ordinal) ? name : $"{name}, {_assembly}";
    }

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
    {
        found(handle);
        return $"{types.First(type => type.Value == handle).Key}, {_assembly}";
    }

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        var type = reader.GetTypeReference(handle);
        var name = $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
        return name == SystemType || type.ResolutionScope.Kind != HandleKind.AssemblyReference
            ? name
            : $"{name}, {reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name)}";
    }

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => "";

    public string GetSZArrayType(string elementType) => "";

    public string GetSystemType() => SystemType;

    public bool IsSystemType(string type) => type == SystemType;

    /// <summary>How many bytes a value takes is not in the assembly that names it.</summary>
    public PrimitiveTypeCode GetUnderlyingEnumType(string type) =>
        Enum.Parse<PrimitiveTypeCode>(Type.GetType(type, throwOnError: true)!.GetEnumUnderlyingType().Name);

    [GeneratedRegex(@"[\w.+`]+")]
    private static partial Regex TypeName();
}
