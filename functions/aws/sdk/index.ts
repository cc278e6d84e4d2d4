/** The part of functions that needs the AWS SDK. In a bundle it is the file `aws-sdk.mjs`, imported as `#aws-sdk`. */
export { presignGet, presignPut } from './presign.ts';
export { deployedS3, s3Client } from './sdk-s3.ts';
export { sdkServices } from './sdk-services.ts';
