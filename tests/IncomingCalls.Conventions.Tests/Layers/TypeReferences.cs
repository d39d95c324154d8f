using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace IncomingCalls.Conventions.Tests;

/// <summary>What one type of an assembly, with all that is nested in it, names of the types of the same assembly.</summary>
internal sealed class TypeReferences
{
    private readonly PEReader _image;
    private readonly MetadataReader _metadata;
    private readonly SignatureTypes _signatures;
    private readonly AttributeTypes _attributes;
    private readonly HashSet<TypeDefinitionHandle> _found = [];

    private TypeReferences(PEReader image, MetadataReader metadata, IReadOnlyDictionary<string, TypeDefinitionHandle> types)
    {
        _image = image;
        _metadata = metadata;
        _signatures = new SignatureTypes(type => _found.Add(type));
        _attributes = new AttributeTypes(metadata, types, type => _found.Add(type));
    }

    public static IReadOnlySet<TypeDefinitionHandle> Of(
        TypeDefinitionHandle type, PEReader image, MetadataReader metadata, IReadOnlyDictionary<string, TypeDefinitionHandle> types)
    {
        var references = new TypeReferences(image, metadata, types);
        references.Type(type);
        return references._found;
    }

    private void Type(TypeDefinitionHandle handle)
    {
        var type = _metadata.GetTypeDefinition(handle);
        Attributes(type.GetCustomAttributes());
        Token(type.BaseType);
        GenericParameters(type.GetGenericParameters());
        foreach (var implementation in type.GetInterfaceImplementations().Select(_metadata.GetInterfaceImplementation))
        {
            Token(implementation.Interface);
        }

        Fields(type);
        Properties(type);
        Events(type);
        foreach (var method in type.GetMethods())
        {
            Method(_metadata.GetMethodDefinition(method));
        }

        foreach (var nested in type.GetNestedTypes())
        {
            Type(nested);
        }
    }

    private void Fields(TypeDefinition type)
    {
        foreach (var field in type.GetFields().Select(_metadata.GetFieldDefinition))
        {
            Attributes(field.GetCustomAttributes());
            field.DecodeSignature(_signatures, default);
        }
    }

    private void Properties(TypeDefinition type)
    {
        foreach (var property in type.GetProperties().Select(_metadata.GetPropertyDefinition))
        {
            Attributes(property.GetCustomAttributes());
            property.DecodeSignature(_signatures, default);
        }
    }

    private void Events(TypeDefinition type)
    {
        foreach (var @event in type.GetEvents().Select(_metadata.GetEventDefinition))
        {
            Attributes(@event.GetCustomAttributes());
            Token(@event.Type);
        }
    }

    private void Method(MethodDefinition method)
    {
        Attributes(method.GetCustomAttributes());
        GenericParameters(method.GetGenericParameters());
        method.DecodeSignature(_signatures, default);
        foreach (var parameter in method.GetParameters().Select(_metadata.GetParameter))
        {
            Attributes(parameter.GetCustomAttributes());
        }

        if (method.RelativeVirtualAddress != 0)
        {
            Body(_image.GetMethodBody(method.RelativeVirtualAddress));
        }
    }

    private void Body(MethodBodyBlock body)
    {
        if (!body.LocalSignature.IsNil)
        {
            _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(_signatures, default);
        }

        foreach (var region in body.ExceptionRegions)
        {
            Token(region.CatchType);
        }

        foreach (var token in IlTokens.In(body))
        {
            Token(token);
        }
    }

    private void GenericParameters(GenericParameterHandleCollection parameters)
    {
        foreach (var parameter in parameters.Select(_metadata.GetGenericParameter))
        {
            Attributes(parameter.GetCustomAttributes());
            foreach (var constraint in parameter.GetConstraints())
            {
                Token(_metadata.GetGenericParameterConstraint(constraint).Type);
            }
        }
    }

    private void Attributes(CustomAttributeHandleCollection attributes)
    {
        foreach (var attribute in attributes.Select(_metadata.GetCustomAttribute))
        {
            Token(attribute.Constructor);
            attribute.DecodeValue(_attributes);
        }
    }

    /// <summary>A member counts as the type that declares it: what its signature names is the need of that type.</summary>
    private void Token(EntityHandle token)
    {
        if (token.IsNil)
        {
            return;
        }

        switch (token.Kind)
        {
            case HandleKind.TypeDefinition:
                _found.Add((TypeDefinitionHandle)token);
                break;
            case HandleKind.TypeSpecification:
                _metadata.GetTypeSpecification((TypeSpecificationHandle)token).DecodeSignature(_signatures, default);
                break;
            case HandleKind.MethodDefinition:
                _found.Add(_metadata.GetMethodDefinition((MethodDefinitionHandle)token).GetDeclaringType());
                break;
            case HandleKind.FieldDefinition:
                _found.Add(_metadata.GetFieldDefinition((FieldDefinitionHandle)token).GetDeclaringType());
                break;
            case HandleKind.MemberReference:
                Token(_metadata.GetMemberReference((MemberReferenceHandle)token).Parent);
                break;
            case HandleKind.MethodSpecification:
                var method = _metadata.GetMethodSpecification((MethodSpecificationHandle)token);
                Token(method.Method);
                method.DecodeSignature(_signatures, default);
                break;
            case HandleKind.StandaloneSignature:
                _metadata.GetStandaloneSignature((StandaloneSignatureHandle)token).DecodeMethodSignature(_signatures, default);
                break;
            default:
                // Types of other assemblies.
                break;
        }
    }
}
